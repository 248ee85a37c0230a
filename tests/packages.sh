# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by demo/run and tests/run: the Debian and Ubuntu packages that Penchant is built and tested with, and the
# functions that install what is missing. On a machine that has everything, nothing here asks for rights or network.
#   need_packages build test ...   install the packages of these groups: build, test, browser
#   need_node                      a Node.js of version 18 or newer with npm
#   need_modules DIR               the npm packages that DIR/package-lock.json names

packages_build=(
  ca-certificates g++ make cmake ninja-build ccache pkg-config
  libxapian-dev librocksdb-dev libsimdjson-dev libicu-dev
  libssl-dev zlib1g-dev libzstd-dev libspdlog-dev libfmt-dev libcli11-dev libtomlplusplus-dev
)
packages_test=(catch2 librapidcheck-dev curl)
packages_browser=(chromium fonts-dejavu-core)
boost_minor_min=81                              # Boost.URL came with 1.81
boost_parts=(json url filesystem)
node_major_min=18

say() { if [ -t 2 ]; then printf '\033[1m%s\033[0m\n' "$*" >&2; else printf '%s\n' "$*" >&2; fi; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

is_installed() {
  local state
  state=$(dpkg-query --show --showformat='${db:Status-Abbrev}' "$1" 2> /dev/null) && [ "${state:0:2}" = ii ]
}

is_offered() { [ -n "$(apt-cache madison "$1" 2> /dev/null)" ]; }

# Runs a command as root: directly, or by sudo.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  else
    sudo -- "$@"
  fi
}

need_apt() {
  command -v apt-get > /dev/null && command -v dpkg-query > /dev/null ||
    fail "Packages are missing and this is neither Debian nor Ubuntu: $*"
  [ "$(id -u)" -eq 0 ] && return
  command -v sudo > /dev/null || fail "To install packages, run this as root or install sudo: $*"
  # Without a terminal sudo could not ask for the password.
  [ -t 0 ] || sudo -n true 2> /dev/null || fail "sudo wants a password and there is no terminal; install first: $*"
}

apt_lists_are_fresh=no
refresh_apt_lists() {
  [ $apt_lists_are_fresh = yes ] && return
  say 'Reading the package lists ...'
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Acquire::Retries=3 update >&2 ||
    fail 'apt-get update failed: is there a network, and are the sources in /etc/apt right?'
  apt_lists_are_fresh=yes
}

install_packages() {
  local package unknown=()
  refresh_apt_lists
  for package in "$@"; do
    is_offered "$package" || unknown+=("$package")
  done
  [ ${#unknown[@]} -eq 0 ] ||
    fail "Not offered by this system's package sources (Debian 12 or newer and Ubuntu 24.04 have them): ${unknown[*]}"
  say "Installing $* ..."
  local log
  log=$(mktemp)
  # --no-remove: better to stop than to take away what somebody else installed.
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o Acquire::Retries=3 -o Dpkg::Use-Pty=0 \
    install --no-install-recommends --no-remove "$@" > "$log" 2>&1 ||
    { tail -n 30 "$log" >&2; fail "apt-get could not install: $*"; }
  rm -f "$log"
}

boost_packages() {  # of one minor version: libboost1.83-dev libboost-json1.83-dev ...
  local part
  echo "libboost1.$1-dev"
  for part in "${boost_parts[@]}"; do echo "libboost-${part}1.$1-dev"; done
}

boost_set_is() {    # is_installed|is_offered MINOR
  local package
  for package in $(boost_packages "$2"); do "$1" "$package" || return 1; done
}

installed_boost_minors() {  # of the headers, newest first
  dpkg-query --show --showformat='${db:Status-Abbrev} ${Package}\n' 'libboost1.*-dev' 2> /dev/null |
    sed -n 's/^ii *libboost1\.\([0-9]*\)-dev$/\1/p' | sort -rn
}

# The newest whole set that is installed, else the newest that is offered.
need_boost() {
  local minor
  for minor in $(installed_boost_minors); do
    [ "$minor" -ge $boost_minor_min ] && boost_set_is is_installed "$minor" && return
  done
  for minor in $(installed_boost_minors); do
    [ "$minor" -ge $boost_minor_min ] ||
      fail "libboost1.$minor-dev stands in the way of Boost 1.$boost_minor_min or newer; if nothing of yours needs it: apt-get remove libboost1.$minor-dev"
  done
  need_apt "Boost 1.$boost_minor_min or newer (${boost_parts[*]})"
  refresh_apt_lists
  for minor in $(apt-cache pkgnames libboost1. | sed -n 's/^libboost1\.\([0-9]*\)-dev$/\1/p' | sort -rn); do
    if [ "$minor" -ge $boost_minor_min ] && boost_set_is is_offered "$minor"; then
      # shellcheck disable=SC2046
      install_packages $(boost_packages "$minor")
      return
    fi
  done
  fail "Boost 1.$boost_minor_min or newer is needed, and this system's package sources do not have it."
}

need_packages() {
  local group package missing=()
  for group in "$@"; do
    local -n packages=packages_$group
    for package in "${packages[@]}"; do
      is_installed "$package" || missing+=("$package")
    done
  done
  if [ ${#missing[@]} -gt 0 ]; then
    need_apt "${missing[*]}"
    install_packages "${missing[@]}"
  fi
  [[ " $* " != *' build '* ]] || need_boost
}

# Any Node.js that is new enough is taken, wherever it comes from; apt's npm would replace it.
need_node() {
  local major
  if command -v node > /dev/null; then
    major=$(node -p 'process.versions.node.split(".")[0]')
    [ "$major" -ge $node_major_min ] || fail "Node.js $node_major_min or newer is needed; $(command -v node) is $major."
    command -v npm > /dev/null && return
    is_installed nodejs || fail "There is $(command -v node) but no npm; install npm from where Node.js came from."
  fi
  need_apt nodejs npm
  install_packages nodejs npm
  major=$(node -p 'process.versions.node.split(".")[0]')
  [ "$major" -ge $node_major_min ] || fail "Node.js $node_major_min or newer is needed; this system offers $major."
}

# npm leaves its own copy of the lock file; when that is newer than ours nothing is to be done.
need_modules() {
  [ "$1/node_modules/.package-lock.json" -nt "$1/package-lock.json" ] && return
  say "Installing the npm packages of $(basename "$1") ..."
  (cd "$1" && npm ci --no-audit --no-fund --loglevel=error >&2) || fail "npm ci failed in $1: is there a network?"
}

# A browser that Playwright can drive; prints its path. Ubuntu has Chromium only as a snap, which many machines cannot
# run, so any Chrome that is there will do.
need_browser() {
  local name
  if [ -n "${PENCHANT_CHROMIUM:-}" ]; then
    [ -x "$PENCHANT_CHROMIUM" ] || fail "PENCHANT_CHROMIUM names $PENCHANT_CHROMIUM, which is not a program."
    echo "$PENCHANT_CHROMIUM"
    return
  fi
  for name in chromium google-chrome google-chrome-stable chromium-browser; do
    if command -v "$name" > /dev/null && "$name" --version > /dev/null 2>&1; then
      command -v "$name"
      return
    fi
  done
  need_packages browser
  command -v chromium || fail 'The browser test needs Chromium or Chrome; name one with PENCHANT_CHROMIUM.'
}
