// SPDX-License-Identifier: EUPL-1.2

/// What invented residents of the demo city report, and what invented officers answer.
enum DemoScenes {
    struct Scene {
        let category: String
        let story: String
        let answer: String
        let result: String
    }

    static let streets = [
        "Jalan Thamrin", "Jalan Asia", "Jalan Gaperta Ujung", "Jalan Marelan Raya", "Jalan Bromo", "Jalan Letda Sujono",
        "Jalan Karya Wisata", "Jalan Setia Budi",
        "Jalan Brigjen Katamso", "Jalan Sisingamangaraja", "Jalan Yos Sudarso", "Jalan Dr. Mansyur", "Jalan Ringroad", "Jalan Pancing",
        "Jalan Denai",
    ]
    static let landmarks = [
        "depan masjid", "simpang pasar", "seberang sekolah dasar", "dekat halte", "samping puskesmas", "depan warung kopi",
        "belakang kantor lurah", "di tikungan",
    ]

    static let all = [
        Scene(
            category: "jalan-berlubang",
            story: "Lubang selebar satu meter, dalam setelapak tangan. Sudah dua pengendara jatuh minggu ini, terutama malam waktu hujan.",
            answer: "Terima kasih. Lubang ini masuk daftar tambal kami; kelurahan memasang rambu hari ini.",
            result: "Lubang ditambal dengan aspal panas, 1,2 x 0,9 meter."
        ),
        Scene(
            category: "sampah",
            story: "Sampah sudah empat hari tidak diangkut. Baunya sampai ke dalam rumah dan lalat banyak.",
            answer: "Truk rusak dua hari. Pengangkutan kami ulang malam ini.",
            result: "Sampah diangkut dan bak dibersihkan."
        ),
        Scene(
            category: "lampu-jalan",
            story: "Tiga lampu berturut-turut mati sejak minggu lalu. Anak sekolah pulang mengaji lewat jalan gelap.",
            answer: "Petugas lampu memeriksa kabelnya besok sore.",
            result: "Tiga lampu LED diganti, kabel disambung ulang."
        ),
        Scene(
            category: "drainase",
            story: "Parit mampat oleh sampah plastik. Hujan sebentar saja air naik ke teras.",
            answer: "Regu drainase turun dengan alat sedot minggu ini.",
            result: "Parit dikeruk sepanjang 60 meter."
        ),
        Scene(
            category: "banjir",
            story: "Air masuk rumah setinggi lutut setiap hujan lebih dari satu jam. Pompa di ujung jalan tidak jalan.",
            answer: "Pompa diperiksa hari ini; sementara kami pasang pompa bergerak.",
            result: "Pompa diperbaiki, pintu air dibersihkan."
        ),
        Scene(
            category: "pohon",
            story: "Dahan besar menggantung di atas kabel listrik, tinggal menunggu angin.",
            answer: "Kami berkoordinasi dengan PLN untuk memangkasnya.",
            result: "Dahan dipangkas, sisa kayu diangkut."
        ),
        Scene(
            category: "parkir",
            story: "Juru parkir meminta sepuluh ribu tanpa karcis di depan toko roti.",
            answer: "Petugas kami memeriksa izin juru parkir di titik itu.",
            result: "Juru parkir diganti, tarif dan karcis dipasang di papan."
        ),
        Scene(
            category: "trotoar",
            story: "Trotoar pecah dan besinya mencuat. Ibu saya tersandung kemarin.",
            answer: "Kami tutup dulu dengan papan, lalu dicor.",
            result: "Trotoar dicor ulang 4 meter."
        ),
        Scene(
            category: "kebisingan",
            story: "Musik keras sampai pukul dua malam, setiap Sabtu. Anak bayi tidak bisa tidur.",
            answer: "Regu kami mendatangi tempat itu Sabtu ini.",
            result: "Pemilik menandatangani pernyataan, diperiksa dua minggu kemudian."
        ),
        Scene(
            category: "ktp-kk",
            story: "Sudah tiga minggu KK baru belum selesai, padahal surat pindah lengkap.",
            answer: "Datanya tertahan di kota asal; kami telepon hari ini.",
            result: "KK terbit, bisa diambil atau diunduh."
        ),
        Scene(
            category: "sampah-liar",
            story: "Orang membuang sampah dari truk bak ke pinggir sungai waktu subuh.",
            answer: "Kami pasang kamera dan menjaga dua malam.",
            result: "Tumpukan diangkut, pelaku ditegur, pagar dipasang."
        ),
        Scene(
            category: "lampu-lalin",
            story: "Lampu hijau hanya tiga detik dari arah pasar, macet sampai satu kilometer.",
            answer: "Waktunya kami ukur besok pagi dan sore.",
            result: "Waktu hijau menjadi 25 detik."
        ),
        Scene(
            category: "pungli",
            story: "Petugas loket meminta uang supaya berkas didahulukan. Saya punya rekamannya.",
            answer: "Laporan diterima. Pemeriksa menghubungi Anda lewat kontak yang Anda berikan.",
            result: "Pemeriksaan selesai; pegawai dikenai sanksi."
        ),
        Scene(
            category: "informasi",
            story: "Apakah mengurus akta kelahiran di kantor camat buka hari Sabtu?",
            answer: "Buka pukul 08.00 sampai 12.00 di enam kecamatan.",
            result: "Pertanyaan dijawab."
        ),
        Scene(
            category: "bansos",
            story: "Tetangga yang janda dengan tiga anak tidak terdaftar, sementara yang punya mobil dapat.",
            answer: "Pendamping turun mendata ulang lingkungan ini.",
            result: "Data diperbarui dan diusulkan pada musyawarah kelurahan."
        ),
        Scene(
            category: "aspirasi",
            story: "Tolong buat jalur sepeda dari terminal ke kampus, banyak mahasiswa bersepeda.",
            answer: "Usul diteruskan ke penyusunan rencana tahun depan.",
            result: "Usul dicatat sebagai bahan musrenbang."
        ),
    ]
}
