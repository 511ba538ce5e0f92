#!/usr/bin/env bash
# Gives the app's identity the one Defender right that it needs, or takes it back. "grant.sh --help" says how.
set -euo pipefail

# Microsoft's own app ids and role ids; they are the same in every tenant.
readonly defender_app=fc780465-2017-40d4-a0c5-307022471b92      # WindowsDefenderATP
readonly known_role=a833834a-4cf1-4732-8acf-bbcfa13fb610        # its application role User.Read.All
readonly graph_role=df021288-bdef-4463-88db-98f22de89214        # Microsoft Graph's namesake
readonly role_name=User.Read.All
# Each of them may; the least first.
rights='Cloud Application Administrator, Application Administrator, '
readonly rights+='Privileged Role Administrator or Global Administrator'

# Exit codes.
readonly ok=0 broken=1 misused=2 no_defender=3 no_identity=4 no_role=5 not_allowed=6

usage() {
  cat <<TEXT
grant.sh [--check | --dry-run | --revoke] PRINCIPAL_ID

Gives a managed identity the application role User.Read.All of WindowsDefenderATP (Microsoft Defender for Endpoint).
Microsoft Graph has a role of the same name, which does not help here. Running it again changes nothing.

PRINCIPAL_ID   Object id of the identity: the output IDENTITY_PRINCIPAL_ID of the deployment, or
               az identity show --resource-group RG --name NAME --query principalId --output tsv
--check        Changes nothing; says what is missing.
--dry-run      Changes nothing; prints the call that would be made.
--revoke       Takes the role back. Running it again changes nothing.

Rights         To check: any member of the tenant. To grant or to revoke:
               $rights
Needs          az (signed in to the tenant of the identity) and jq. Azure Cloud Shell has both.
Clouds         The endpoint of Microsoft Graph is that of the active az cloud (az cloud set --name AzureUSGovernment).
               In a DoD tenant, set it once before:
               az cloud update --name AzureUSGovernment --endpoint-microsoft-graph-resource-id https://dod-graph.microsoft.us/

Exit codes     0 done   1 a call failed   2 wrong arguments   3 the tenant has no Defender   4 no such identity
               5 the role is missing (--check)   6 you may not grant or revoke
TEXT
}

say() { printf '%s\n' "$*"; }

fail() {
  local code=$1
  shift
  printf 'grant.sh: %s\n' "$*" >&2
  exit "$code"
}

# graph METHOD URL [BODY]: prints the answer; the text of an error goes to the file $error.
graph() {
  az rest --method "$1" --url "$2" --resource "$endpoint" --output json \
    ${3:+--headers Content-Type=application/json --body "$3"} 2>"$error"
}

# The error of the last call, on one line.
last_error() { tr '\n' ' ' <"$error"; }

# WindowsDefenderATP in this tenant: {id, role}. The role is found by name; the known id is a second look.
find_defender() {
  local answer
  answer=$(graph GET "$service_principals?\$filter=appId%20eq%20'$defender_app'&\$select=id,appRoles") ||
    fail $broken "cannot read service principals: $(last_error)"
  defender=$(jq -r '.value[0].id // empty' <<<"$answer")
  [[ -n $defender ]] || fail $no_defender "this tenant has no service principal WindowsDefenderATP ($defender_app)." \
    "Defender for Endpoint was never set up here: open security.microsoft.com as an administrator, and run this again."
  role=$(jq -r --arg name $role_name '.value[0].appRoles[]
    | select(.value == $name and (.allowedMemberTypes | index("Application"))) | .id' <<<"$answer")
  [[ -n $role ]] || fail $broken "WindowsDefenderATP offers no application role $role_name in this tenant."
  [[ $role == "$known_role" ]] ||
    say "Note: $role_name of WindowsDefenderATP has the id $role here, not $known_role as elsewhere. Going by the name."
}

find_identity() {
  local answer
  if ! answer=$(graph GET "$service_principals/$principal?\$select=displayName"); then
    grep -q Request_ResourceNotFound "$error" || fail $broken "cannot read the identity: $(last_error)"
    fail $no_identity "no identity has the object id $principal in this tenant. Is it the client id instead?"
  fi
  identity=$(jq -r '.displayName' <<<"$answer")
}

# All application roles that the identity has: "resource id, role id, assignment id" in each line.
granted_roles() {
  local answer next=$assignments
  while [[ -n $next ]]; do
    # The administrator's token goes with each request.
    [[ $next == "$endpoint"/* ]] || fail $broken "the next page must be at $endpoint/ but was at $next"
    answer=$(graph GET "$next") || fail $broken "cannot read the roles of $identity: $(last_error)"
    jq -r '.value[] | "\(.resourceId) \(.appRoleId) \(.id)"' <<<"$answer"
    next=$(jq -r '."@odata.nextLink" // empty' <<<"$answer")
  done
}

grant() {
  if graph POST "$assignments" "$body" >/dev/null; then
    say "Granted: $identity now has $role_name of WindowsDefenderATP."
  elif grep -q 'Permission being assigned already exists' "$error"; then
    say "Nothing to do: $identity was given $role_name of WindowsDefenderATP at this moment by somebody else."
  elif grep -q Authorization_RequestDenied "$error"; then
    fail $not_allowed "you may not grant: it takes $rights."
  else
    fail $broken "cannot grant: $(last_error)"
  fi
  say "A token that the platform already keeps for the identity lacks the role for up to 24 hours and cannot be refreshed" \
    "by force. If the app has called Defender before this grant, it may be denied access until then."
}

revoke() {
  if graph DELETE "$assignments/$assignment" >/dev/null; then
    say "Revoked: $identity no longer has $role_name of WindowsDefenderATP."
  elif grep -q Request_ResourceNotFound "$error"; then
    say "Nothing to do: somebody else took $role_name of WindowsDefenderATP from $identity at this moment."
  elif grep -q Authorization_RequestDenied "$error"; then
    fail $not_allowed "you may not revoke: it takes $rights."
  else
    fail $broken "cannot revoke: $(last_error)"
  fi
  say "A token that the platform already keeps for the identity carries the role for up to 24 hours: stop the app, too."
}

mode=
principal=
for argument in "$@"; do
  case $argument in
    --check | --dry-run | --revoke)
      [[ -z $mode || $mode == "$argument" ]] || fail $misused "one of $mode and $argument expected but found both"
      mode=$argument
      ;;
    -h | --help) usage && exit $ok ;;
    -*) usage >&2 && fail $misused "unknown option $argument" ;;
    *)
      [[ -z $principal ]] || fail $misused "one PRINCIPAL_ID expected but found $principal and $argument"
      principal=$argument
      ;;
  esac
done
[[ $principal =~ ^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$ ]] ||
  { usage >&2 && fail $misused "PRINCIPAL_ID must be a GUID but was '$principal'"; }
for tool in az jq; do
  command -v $tool >/dev/null || fail $broken "$tool is not on the PATH; Azure Cloud Shell has it"
done

error=$(mktemp)
trap 'rm -f "$error"' EXIT
endpoint=$(az cloud show --query endpoints.microsoftGraphResourceId --output tsv)
endpoint=${endpoint%/}
service_principals=$endpoint/v1.0/servicePrincipals
assignments=$service_principals/$principal/appRoleAssignments

find_defender
find_identity
roles=$(granted_roles)
body=$(jq -cn --arg principal "$principal" --arg defender "$defender" --arg role "$role" \
  '{principalId: $principal, resourceId: $defender, appRoleId: $role}')

assignment=$(awk -v defender="$defender" -v role="$role" \
  'tolower($1) == tolower(defender) && tolower($2) == tolower(role) { print $3; exit }' <<<"$roles")

if [[ $mode == --revoke ]]; then
  if [[ -n $assignment ]]; then
    revoke
  else
    say "Nothing to do: $identity has no $role_name of WindowsDefenderATP."
  fi
  exit $ok
fi
if [[ -n $assignment ]]; then
  say "Nothing to do: $identity has $role_name of WindowsDefenderATP."
  exit $ok
fi
if grep -qi " $graph_role " <<<"$roles"; then
  say "Note: $identity has $role_name of Microsoft Graph. That is another role, which Defender does not look at."
fi
case $mode in
  --check)
    fail $no_role "$identity has no $role_name of WindowsDefenderATP. An Entra administrator grants it:" \
      "infra/grant.sh $principal"
    ;;
  --dry-run)
    say "POST $assignments"
    say "$body"
    ;;
  *) grant ;;
esac
