# shellcheck shell=bash
# maasc comes to an installation that exists: it looks at what `manage` leaves to others, and makes what is left to it.

# On brownfield-before, which is what brownfield finds; but for what only the site has: another name of a rack in MAAS, and a program on it.
scene_adopted() {
  local did
  sed '/maas_hostname:/d; /listens:/d' "$LAB/../examples/brownfield.topology.yaml" >"$WORK/operator/brownfield.topology.yaml"
  "$MAASC" compile "$WORK/operator/brownfield.topology.yaml" -o "$BUNDLE" >/dev/null
  deploys adopted
  did=$(changed adopted)
  [[ -n $did ]] || fail 'maasc made no networks'
  ! grep -vE '/(networks|dhcp)-|/rack-connected$' <<<"$did" || fail 'maasc changed what others manage'
  figure "adopted: $(wc -l <<<"$did") steps made networks, moved the racks' interfaces to them and began DHCP; nothing else was touched"
}
