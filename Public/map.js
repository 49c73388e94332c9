// A map beside fields that do the same without it. Our own boundaries are its base; a city may add a server of pictures.
(() => {
  "use strict";
  const box = document.querySelector("#map");
  if (!box || !window.L) return;
  (box.closest("[data-map]") ?? box).hidden = false;
  box.hidden = false;
  const { tiles, attribution } = box.dataset;
  const map = L.map(box, { attributionControl: false, zoomSnap: tiles ? 1 : 0.5, maxZoom: 19 });
  map.setView([Number(box.dataset.latitude), Number(box.dataset.longitude)], tiles ? 12 : 11.5);
  if (tiles) {
    L.control.attribution({ prefix: false }).addTo(map);
    L.tileLayer(tiles, { attribution, maxZoom: 19 }).addTo(map);
  }
  fetch(box.dataset.boundaries).then((response) => response.json()).then((areas) => {
    L.geoJSON(areas, { style: { weight: 1.5, fillOpacity: 0.06 }, onEachFeature: (area, layer) => layer.bindTooltip(area.properties.name), interactive: true }).addTo(map);
  });
  if (box.dataset.reports) {
    fetch(box.dataset.reports + location.search).then((response) => response.json()).then((reports) => {
      const groups = L.markerClusterGroup({
        showCoverageOnHover: false,
        maxClusterRadius: 48,
        iconCreateFunction: (group) => L.divIcon({ html: String(group.getChildCount()), className: "cluster", iconSize: [44, 44] }),
      });
      for (const [latitude, longitude, docket, title, isOpen] of reports) {
        const link = document.createElement("a");
        link.href = "/berkas/" + docket;
        link.textContent = title || docket;
        L.circleMarker([latitude, longitude], { radius: 7, weight: 2, fillOpacity: isOpen ? 0.9 : 0.2, className: isOpen ? "pin" : "" }).bindPopup(link).addTo(groups);
      }
      groups.addTo(map);
    });
    return;
  }
  const latitude = document.querySelector("#latitude");
  const longitude = document.querySelector("#longitude");
  const status = document.querySelector("#map-status");
  let pin;
  const put = (place) => {
    latitude.value = place.lat.toFixed(6);
    longitude.value = place.lng.toFixed(6);
    if (pin) pin.setLatLng(place); else pin = L.circleMarker(place, { radius: 10, weight: 3, fillOpacity: 1, className: "pin" }).addTo(map);
    status.textContent = latitude.value + ", " + longitude.value;
  };
  map.on("click", (event) => put(event.latlng));
  if (latitude.value && longitude.value) {
    put(L.latLng(Number(latitude.value), Number(longitude.value)));
    map.setView(pin.getLatLng(), 15);
  }
  document.querySelector("#unpin").addEventListener("click", () => {
    pin?.remove();
    pin = undefined;
    latitude.value = longitude.value = status.textContent = "";
  });
  document.querySelector("#locate").addEventListener("click", () => {
    navigator.geolocation?.getCurrentPosition(
      (found) => { put(L.latLng(found.coords.latitude, found.coords.longitude)); map.setView(pin.getLatLng(), 16); },
      (error) => { status.textContent = error.message; },
      { enableHighAccuracy: true, timeout: 15000 },
    );
  });
})();
