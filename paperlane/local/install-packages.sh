#!/bin/sh
# Installs Debian packages as root: install-packages.sh NAME... Says nothing unless apt fails. A system broker that comes
# with rabbitmq-server is left neither running nor enabled, because the stack runs a private node.
#
# Debian starts a service while it installs it, unless /usr/sbin/policy-rc.d forbids it. An existing policy is kept; ours
# is removed again however this ends, because it would forbid every later start of every service.
set -eu

policy=/usr/sbin/policy-rc.d
mark='# Made by the set-up of Paperlane for the time of one installation.'
said=$(mktemp)
made=
trap 'rm -f "$said" $made' EXIT
trap 'exit 1' HUP INT TERM

if [ ! -e "$policy" ] || grep -qxF "$mark" "$policy"; then
    made=$policy
    printf '#!/bin/sh\n%s\nexit 101\n' "$mark" >"$policy"
    chmod 755 "$policy"
fi

had_epmd=$(command -v epmd || true)
export DEBIAN_FRONTEND=noninteractive
install() { apt-get install -y --no-install-recommends "$@" >>"$said" 2>&1; }
if ! install "$@" && ! { apt-get update >>"$said" 2>&1 && install "$@"; }; then
    cat "$said" >&2
    exit 1
fi

case " $* " in *" rabbitmq-server "*) ;; *) exit 0 ;; esac

units=rabbitmq-server.service
[ -n "$had_epmd" ] || units="$units epmd.socket epmd.service" # the port mapper came with it
if [ -d /run/systemd/system ]; then
    systemctl disable --quiet --now $units || true
elif command -v systemctl >/dev/null; then
    systemctl disable --quiet $units || true
fi
if command -v update-rc.d >/dev/null; then
    update-rc.d rabbitmq-server disable >/dev/null 2>&1 || true
fi
# A policy that was there may have let it start. Asking its script in any other case would start a port mapper.
if [ -z "$made" ] && [ ! -d /run/systemd/system ] && [ -e /run/rabbitmq/pid ]; then
    /etc/init.d/rabbitmq-server stop >/dev/null 2>&1 || true
    [ -n "$had_epmd" ] || epmd -kill >/dev/null 2>&1 || true
fi
