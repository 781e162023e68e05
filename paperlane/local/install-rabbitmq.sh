#!/bin/sh
# Installs Debian's rabbitmq-server as root and leaves no system broker behind, neither running nor enabled.
#
# Debian starts a service while it installs it, unless /usr/sbin/policy-rc.d forbids it. An existing policy is kept; ours
# is removed again however this ends, because it would forbid every later start of every service.
set -eu

policy=/usr/sbin/policy-rc.d
mark='# Made by the set-up of Paperlane for the time of one installation.'

if [ ! -e "$policy" ] || grep -qxF "$mark" "$policy"; then
    trap 'rm -f "$policy"' EXIT
    trap 'exit 1' HUP INT TERM
    printf '#!/bin/sh\n%s\nexit 101\n' "$mark" >"$policy"
    chmod 755 "$policy"
fi

had_epmd=$(command -v epmd || true)
export DEBIAN_FRONTEND=noninteractive
install() { apt-get install -y --no-install-recommends rabbitmq-server >&2; }
install || { apt-get update >&2 && install; }

disable() {
    if [ -d /run/systemd/system ]; then
        systemctl disable --quiet --now "$@" || true
    elif command -v systemctl >/dev/null; then
        systemctl disable --quiet "$@" || true
    fi
}

disable rabbitmq-server.service
if [ -z "$had_epmd" ]; then
    disable epmd.socket epmd.service # the port mapper came with it
fi
if command -v update-rc.d >/dev/null; then
    update-rc.d rabbitmq-server disable || true
fi
if [ ! -d /run/systemd/system ] && [ -x /etc/init.d/rabbitmq-server ]; then
    /etc/init.d/rabbitmq-server stop >&2 || true # a policy that was there may have let it start
fi
