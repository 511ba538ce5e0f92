# What "azd up" needs on a Windows machine: prerequisites.sh for PowerShell 7. jq is left out, since grant.sh does not run here.
$ErrorActionPreference = 'Stop'

$tools = [ordered]@{
  az = 'the Azure CLI: https://learn.microsoft.com/cli/azure/install-azure-cli'
  javac = 'a JDK, 17 or newer; a JRE does not compile: https://adoptium.net'
  mvn = 'Maven, with which azd builds the package: https://maven.apache.org/install.html'
}
$lacks = @()
foreach ($tool in $tools.Keys) {
  if (-not (Get-Command $tool -ErrorAction SilentlyContinue)) {
    $lacks += "- $tool is not on the PATH: $($tools[$tool])"
  }
}
if ((Get-Command javac -ErrorAction SilentlyContinue) -and "$(javac -version 2>&1)" -notmatch '^javac (1[7-9]|[2-9]\d)\b') {
  $lacks += '- javac is of an older JDK, but 17 or newer is needed: https://adoptium.net'
}
if (Get-Command az -ErrorAction SilentlyContinue) {
  az account show --output none 2>$null
  if ($LASTEXITCODE -ne 0) {
    $lacks += '- az is not signed in: run az login'
  }
}
if ($lacks.Count -gt 0) {
  Write-Host "This machine is not ready to deploy:`n$($lacks -join "`n")"
  exit 1
}
exit 0
