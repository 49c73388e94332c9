// SPDX-License-Identifier: EUPL-1.2

/// Applying for somebody else: as a parent or guardian, or with a power of attorney. A service that says `on-behalf: true` asks
/// for whom first; the questions after it are about the person represented.
extension Questionnaire {
    /// The code of the page that asks for whom somebody applies.
    static let onBehalf = "atas_nama"
    /// The question on it, and its answer of whoever applies for themselves.
    public static let (forWhom, forOneself) = ("untuk", "diri")
    /// The question for the identity number of whoever acts for somebody else.
    public static let representative = "nik_wakil"
}

extension QuestionnaireLoader {
    mutating func onBehalf(_ reader: PackReader) -> [Questionnaire.Page] {
        guard let mapping = reader.yaml(Array(Self.onBehalfPage.utf8), "on-behalf"), let node = mapping.required("form") else { return [] }
        return pages(node)
    }

    /// Guardianship: Law 1/1974 art. 47 and 50; power of attorney: Civil Code art. 1792.
    private static let onBehalfPage = """
        form:
          - code: \(Questionnaire.onBehalf)
            title: { id: "Untuk siapa?", en: "For whom?" }
            questions:
              - code: \(Questionnaire.forWhom)
                kind: choice
                label: { id: "Permohonan ini untuk", en: "This application is for" }
                options:
                  - { code: \(Questionnaire.forOneself), label: { id: "Saya sendiri", en: "Myself" } }
                  - { code: anak, label: { id: "Anak saya, atau orang yang saya asuh sebagai wali", en: "My child, or somebody whose guardian I am" } }
                  - { code: kuasa, label: { id: "Orang lain yang memberi saya kuasa", en: "Somebody who gave me a power of attorney" } }
              - { code: nama_wakil, kind: text, most: 100, letters: latin, when: "untuk in ['anak', 'kuasa']", label: { id: "Nama Anda, yang mewakili", en: "Your name, who acts for them" }, help: { id: "Pertanyaan berikutnya tentang orang yang Anda wakili.", en: "The questions after this are about the person you act for." } }
              - { code: \(Questionnaire.representative), kind: resident-number, when: "untuk in ['anak', 'kuasa']", label: { id: "NIK Anda, yang mewakili", en: "Your NIK, who acts for them" } }
              - { code: bukti_wali, kind: files, most: 2, when: "untuk == 'anak'", label: { id: "Foto Kartu Keluarga, atau penetapan wali dari pengadilan", en: "Photo of the family card, or the court’s decision on guardianship" } }
              - { code: surat_kuasa, kind: files, most: 2, when: "untuk == 'kuasa'", label: { id: "Foto surat kuasa bermeterai", en: "Photo of the power of attorney with its stamp" } }
        """
}
