# shellcheck shell=bash disable=SC2154
# The steps of leaving again; see tools/kiosk/steps.sh for their form. Sourced by tools/install_kiosk.

UNINSTALL_STEPS=(stopped removed_files removed_users purged)
OURS=("$RULES" "$JOURNAL" "$WATCHDOG" "${WORDS_UNIT%/*}" "$COMMAND" /opt/rapport)
STORED=(/etc/rapport /var/lib/rapport /var/lib/rapport-boots /var/log/journal/*.rapport)

our_units() {
    local unit
    for unit in tools/kiosk/units/*; do
        [ ! -e "$UNIT_FOLDER/${unit##*/}" ] || echo "${unit##*/}"
    done
}
need_stopped() {
    local unit
    for unit in $(our_units); do echo "stop $unit and remove it"; done
}
do_stopped() {
    local unit
    # The safe face first: its end would start the robot again.
    for unit in rapport-safe.service $(our_units); do
        if systemd_runs; then systemctl stop "$unit" 2>/dev/null || true; fi
        systemctl --quiet disable "$unit" 2>/dev/null || true
    done
    for unit in $(our_units); do rm -f "$UNIT_FOLDER/$unit"; done
    if systemd_runs; then systemctl daemon-reload; fi
}

need_removed_files() {
    local path
    for path in "${OURS[@]}"; do
        if [ -e "$path" ] || [ -L "$path" ]; then echo "remove $path"; fi
    done
}
do_removed_files() { rm -rf "${OURS[@]}"; }

need_removed_users() {
    local user
    for user in rapport-screen rapport; do
        if id "$user" >/dev/null 2>&1; then echo "remove the user $user"; fi
    done
}
do_removed_users() {
    local user
    for user in rapport-screen rapport; do
        if id "$user" >/dev/null 2>&1; then userdel "$user"; fi
    done
}

need_purged() {
    local path
    [ -n "$purge" ] || return 0
    for path in "${STORED[@]}"; do
        [ ! -e "$path" ] || echo "remove $path: settings, updated models and the log, for good"
    done
}
do_purged() { rm -rf "${STORED[@]}"; }
