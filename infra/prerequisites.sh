#!/usr/bin/env bash
# What "azd up" needs on this machine. azd runs it before it creates anything, so that nothing is left half done for want of a tool.
set -euo pipefail

readonly oldest_jdk=17
lacks=()

lack() { lacks+=("- $*"); }

# lacking TOOL WHY_AND_WHERE_TO_GET_IT: true, and noted, when the tool is not on the PATH.
lacking() {
  ! command -v "$1" >/dev/null && lack "$1 is not on the PATH: $2"
}

# The compiler says "javac 17.0.12"; that of JDK 8 says "javac 1.8.0_392".
check_jdk() {
  local version
  version=$(javac -version 2>&1)
  version=${version#javac }
  local major=${version%%[.-]*}
  ((major >= oldest_jdk)) || lack "javac is of JDK $version, but $oldest_jdk or newer is needed: https://adoptium.net"
}

check_sign_in() {
  if ! az account show --output none 2>/dev/null; then
    lack "az is not signed in: run az login"
  elif [[ -n ${AZURE_SUBSCRIPTION_ID:-} ]] &&
    ! az account show --output none --subscription "$AZURE_SUBSCRIPTION_ID" 2>/dev/null; then
    lack "az is signed in but does not see the subscription $AZURE_SUBSCRIPTION_ID: run az login --tenant TENANT"
  fi
}

lacking az 'the Azure CLI, which looks for the Defender role: https://learn.microsoft.com/cli/azure/install-azure-cli' ||
  check_sign_in
lacking jq 'it reads what the Azure CLI answers: https://jqlang.org/download' || true
lacking javac "a JDK, $oldest_jdk or newer; a JRE does not compile: https://adoptium.net" ||
  check_jdk
lacking mvn 'Maven, with which azd builds the package: https://maven.apache.org/install.html' || true

if ((${#lacks[@]} > 0)); then
  printf 'This machine is not ready to deploy:\n' >&2
  printf '%s\n' "${lacks[@]}" >&2
  exit 1
fi
