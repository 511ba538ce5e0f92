#!/usr/bin/env bash
# Prepares the app registration at which analysts sign in to ask with their own rights, or takes those back.
# "delegate.sh --help" says how.
set -euo pipefail

# Microsoft's own app ids and scope ids; they are the same in every tenant.
readonly defender_app=fc780465-2017-40d4-a0c5-307022471b92      # WindowsDefenderATP
readonly known_scope=ffd6563e-842b-4cfc-b349-06006e0473a3       # its delegated permission User.Read.All
readonly graph_app=00000003-0000-0000-c000-000000000000         # Microsoft Graph
readonly scope_name=User.Read.All
readonly sign_in_scopes='openid profile email offline_access'
# Of the registration's own scope user_impersonation. It is unique within a registration, and need not be beyond.
readonly own_scope=10ef9ee9-cd4c-4abb-9616-7243a95c2fc8
readonly credential_name=defender-alert-user
# Each of them may; the least first.
readonly rights='Cloud Application Administrator, Application Administrator or Global Administrator'

# Exit codes; those of grant.sh where both have one.
readonly ok=0 broken=1 misused=2 no_defender=3 no_identity=4 incomplete=5 not_allowed=6 no_registration=7

usage() {
  cat <<TEXT
delegate.sh [--check | --dry-run | --revoke] [--host HOST] [--client CLIENT_ID] APP_ID PRINCIPAL_ID

Lets the app ask Defender in the name of analysts, without a secret. It gives the app registration
- the scope user_impersonation, for which analysts get their tokens, and access tokens of version 2;
- the delegated permission $scope_name of WindowsDefenderATP, and the consent to it for the whole tenant;
- a federated credential, by which the app's managed identity stands for the registration.
Running it again changes nothing.

APP_ID         Client id of the app registration: az ad app create --display-name NAME --query appId --output tsv
PRINCIPAL_ID   Object id of the app's user-assigned identity: the output IDENTITY_PRINCIPAL_ID of the deployment, or
               az identity show --resource-group RG --name NAME --query principalId --output tsv
--host         Host of the app, for people who sign in with a browser: adds the redirect URI, ID tokens at sign-in,
               and the consent to $sign_in_scopes, so that no analyst is asked for any.
--client       Client id of a program that may get an analyst's token for the app without a question, such as the
               Azure CLI (04b07795-8ddb-461a-bbee-02f9e1bf7b46). Run the script once for each.
--check        Changes nothing; says what is missing.
--dry-run      Changes nothing; prints the calls that would be made.
--revoke       Takes back each consent to $scope_name of WindowsDefenderATP, and the credential of the identity.
               The sign-in stays. Running it again changes nothing.

Rights         To check: any member of the tenant who may read app registrations. To change anything:
               $rights
Needs          az (signed in to the tenant of the identity) and jq. Azure Cloud Shell has both.
Clouds         The endpoints of Microsoft Graph and of Entra are those of the active az cloud
               (az cloud set --name AzureUSGovernment). In a DoD tenant, set the former once before:
               az cloud update --name AzureUSGovernment --endpoint-microsoft-graph-resource-id https://dod-graph.microsoft.us/

Exit codes     0 done   1 a call failed   2 wrong arguments   3 the tenant has no Defender
               4 no such user-assigned identity   5 something is missing (--check)   6 you may not change it
               7 no such app registration
TEXT
}

say() { printf '%s\n' "$*"; }

fail() {
  local code=$1
  shift
  printf 'delegate.sh: %s\n' "$*" >&2
  exit "$code"
}

# graph METHOD URL [BODY]: prints the answer; the text of an error goes to the file $error.
graph() {
  az rest --method "$1" --url "$2" --resource "$endpoint" --output json \
    ${3:+--headers Content-Type=application/json --body "$3"} 2>"$error"
}

# The error of the last call, on one line.
last_error() { tr '\n' ' ' <"$error"; }

lower() { tr '[:upper:]' '[:lower:]' <<<"$1"; }

is_guid() { [[ $1 =~ ^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$ ]]; }

# pages URL: all items of a collection, one in each line.
pages() {
  local answer next=$1
  while [[ -n $next ]]; do
    # The administrator's token goes with each request.
    [[ $next == "$endpoint"/* ]] || fail $broken "the next page must be at $endpoint/ but was at $next"
    answer=$(graph GET "$next") || fail $broken "cannot read $next: $(last_error)"
    jq -c '.value[]' <<<"$answer"
    next=$(jq -r '."@odata.nextLink" // empty' <<<"$answer")
  done
}

# service_principal APP_ID FIELDS: that of an application in this tenant; nothing if there is none.
service_principal() {
  local answer
  answer=$(graph GET "$service_principals?\$filter=appId%20eq%20'$1'&\$select=$2") ||
    fail $broken "cannot read service principals: $(last_error)"
  jq -c '.value[0] // empty' <<<"$answer"
}

find_registration() {
  if ! application=$(graph GET "$registration?\$select=displayName,identifierUris,api,web,requiredResourceAccess"); then
    grep -q Request_ResourceNotFound "$error" || fail $broken "cannot read the app registration: $(last_error)"
    fail $no_registration "no app registration has the client id $app in this tenant. Is it the object id instead?"
  fi
  name=$(jq -r '.displayName' <<<"$application")
}

# WindowsDefenderATP in this tenant: {defender, scope}. The scope is found by name; the known id is a second look.
find_defender() {
  local answer
  answer=$(service_principal $defender_app id,oauth2PermissionScopes)
  [[ -n $answer ]] || fail $no_defender "this tenant has no service principal WindowsDefenderATP ($defender_app)." \
    "Defender for Endpoint was never set up here: open security.microsoft.com as an administrator, and run this again."
  defender=$(jq -r '.id' <<<"$answer")
  scope=$(jq -r --arg name $scope_name '[.oauth2PermissionScopes[] | select(.value == $name)][0].id // empty' <<<"$answer")
  [[ -n $scope ]] || fail $broken "WindowsDefenderATP offers no delegated permission $scope_name in this tenant."
  [[ $scope == "$known_scope" ]] ||
    say "Note: $scope_name of WindowsDefenderATP has the id $scope here, not $known_scope as elsewhere. Going by the name."
}

# Entra takes any subject of a credential without a word. Only a user-assigned identity of this tenant works as one.
find_identity() {
  local answer
  if ! answer=$(graph GET "$service_principals/$principal?\$select=servicePrincipalType,alternativeNames"); then
    grep -q Request_ResourceNotFound "$error" || fail $broken "cannot read the identity: $(last_error)"
    fail $no_identity "no identity has the object id $principal in this tenant. Is it the client id instead?"
  fi
  jq -e '.servicePrincipalType == "ManagedIdentity" and (.alternativeNames | index("isExplicit=False") | not)' \
    <<<"$answer" >/dev/null ||
    fail $no_identity "$principal is no user-assigned identity, and no other can be the credential."
}

# change WHAT METHOD URL [BODY]: makes a call that is needed; or tells of it, as the mode says.
change() {
  changes+=("$1")
  case $mode in
    --check) return ;;
    --dry-run)
      say "$2 $3"
      [[ -z ${4:-} ]] || say "$4"
      return
      ;;
  esac
  if answer=$(graph "$2" "$3" "${4:-}"); then
    say "$verb: $1"
  elif grep -q Authorization_RequestDenied "$error"; then
    fail $not_allowed "you may not change this: $1. It takes $rights."
  elif { [[ $2 == POST ]] && grep -Eq 'Request_MultipleObjectsWithSameKeyValue|already exist' "$error"; } ||
    { [[ $2 == DELETE ]] && grep -q Request_ResourceNotFound "$error"; }; then
    say "Nothing to do: somebody else was faster: $1"
  else
    fail $broken "cannot change this: $1. What is done stays; run this again. $(last_error)"
  fi
}

# What the registration lacks: {what, patch} in each line. Graph merges the members of api and web, and replaces lists.
lacking_parts() {
  jq -c --arg uri "api://$app" --arg callback "${host:+https://$host/.auth/login/aad/callback}" --arg client "$client" \
    --arg own $own_scope --arg defender_app $defender_app --arg scope "$scope" '
    def lacks($is_there; $what; $patch): if $is_there then empty else {what: $what, patch: $patch} end;
    # Adds to the list under a key of the one entry that matches; makes the entry if there is none.
    def add_to(matches; $entry; $key):
      if any(.[]; matches) then map(if matches then .[$key] += $entry[$key] else . end) else . + [$entry] end;

    (.identifierUris // []) as $uris
    | (.api.oauth2PermissionScopes // []) as $scopes
    | ([$scopes[] | select(.value == "user_impersonation")][0] // {id: $own}) as $found
    | (.api.preAuthorizedApplications // []) as $clients
    | (.web.redirectUris // []) as $redirects
    | (.web.implicitGrantSettings // {}) as $implicit
    | (.requiredResourceAccess // []) as $required
    | lacks($uris | index($uri); "the identifier URI \($uri)"; {identifierUris: ($uris + [$uri])}),
      lacks($found.isEnabled == true; "the scope user_impersonation";
        {api: {oauth2PermissionScopes: ([$scopes[] | select(.value != "user_impersonation")] + [{
          value: "user_impersonation",
          type: "User",
          adminConsentDisplayName: "Ask for the users behind Defender alerts",
          adminConsentDescription: "Asks for the users behind Defender alerts with the rights of the signed-in user.",
          userConsentDisplayName: "Ask for the users behind Defender alerts",
          userConsentDescription: "Asks for the users behind Defender alerts with your rights."
        } + $found + {isEnabled: true}])}}),
      lacks(.api.requestedAccessTokenVersion == 2; "access tokens of version 2"; {api: {requestedAccessTokenVersion: 2}}),
      lacks($callback == "" or ($redirects | index($callback)); "the redirect URI \($callback)";
        {web: {redirectUris: ($redirects + [$callback])}}),
      lacks($callback == "" or $implicit.enableIdTokenIssuance; "ID tokens at sign-in";
        {web: {implicitGrantSettings: ($implicit + {enableIdTokenIssuance: true})}}),
      lacks(any($required[] | select(.resourceAppId == $defender_app) | .resourceAccess[]; .id == $scope);
        "the required permission User.Read.All of WindowsDefenderATP";
        {requiredResourceAccess: ($required | add_to(.resourceAppId == $defender_app;
          {resourceAppId: $defender_app, resourceAccess: [{id: $scope, type: "Scope"}]}; "resourceAccess"))}),
      lacks($client == "" or any($clients[] | select(.appId == $client) | .delegatedPermissionIds[]; . == $found.id);
        "the pre-authorized client \($client)";
        {api: {preAuthorizedApplications: ($clients | add_to(.appId == $client;
          {appId: $client, delegatedPermissionIds: [$found.id]}; "delegatedPermissionIds"))}})
    ' <<<"$application"
}

complete_registration() {
  local parts part
  parts=$(lacking_parts)
  [[ -n $parts ]] || return 0
  while read -r part <&3; do
    change "$(jq -r '.what' <<<"$part")" PATCH "$registration" "$(jq -c '.patch' <<<"$part")"
  done 3<<<"$parts"
}

# Consent is given to the service principal, which "az ad app create" does not make: {client_principal, grants}.
complete_service_principal() {
  client_principal=$(service_principal "$app" id | jq -r '.id')
  if [[ -n $client_principal ]]; then
    grants=$(pages "$service_principals/$client_principal/oauth2PermissionGrants")
    return
  fi
  grants=
  change 'the service principal of the registration' POST "$service_principals" "{\"appId\":\"$app\"}"
  case $mode in
    --check | --dry-run) client_principal=ID_OF_THE_NEW_SERVICE_PRINCIPAL ;;
    *)
      client_principal=$(jq -r '.id // empty' <<<"$answer")
      [[ -n $client_principal ]] || fail $broken 'the service principal was made at this moment. Run this again.'
      ;;
  esac
}

complete_credential() {
  local credentials wanted named
  credentials=$(pages "$registration/federatedIdentityCredentials")
  wanted=$(jq -cn --arg issuer "$issuer" --arg subject "$principal" --arg audience "$audience" \
    '{issuer: $issuer, subject: $subject, audiences: [$audience]}')
  if jq -se --argjson wanted "$wanted" 'any(.[]; .issuer == $wanted.issuer and .subject == $wanted.subject
    and (.audiences | index($wanted.audiences[0])))' <<<"$credentials" >/dev/null; then
    return
  fi
  named=$(jq -c --arg name $credential_name 'select(.name == $name)' <<<"$credentials")
  if [[ -n $named ]]; then
    change "the identity as federated credential $credential_name, which trusts $(jq -r \
      '"the subject \(.subject) of \(.issuer) for \(.audiences | join(", "))"' <<<"$named") instead" \
      PATCH "$registration/federatedIdentityCredentials/$(jq -r '.id' <<<"$named")" "$wanted"
  else
    change "the identity as federated credential $credential_name" \
      POST "$registration/federatedIdentityCredentials" "$(jq -c --arg name $credential_name '{name: $name} + .' <<<"$wanted")"
  fi
}

# consent RESOURCE_ID RESOURCE_NAME SCOPES: for everybody in the tenant. A resource has one grant with all its scopes.
consent() {
  local grant lacking
  grant=$(jq -sc --arg resource "$1" \
    '[.[] | select(.consentType == "AllPrincipals" and .resourceId == $resource)][0] // empty' <<<"$grants")
  lacking=$(jq -rn --arg scopes "$3" --arg granted "$(jq -r '.scope' <<<"$grant")" \
    '($scopes | split(" ")) - ($granted | split(" ")) | join(" ")')
  [[ -n $lacking ]] || return 0
  if [[ -n $grant ]]; then
    change "the consent to $lacking of $2" PATCH "$all_grants/$(jq -r '.id' <<<"$grant")" \
      "$(jq -c --arg lacking "$lacking" '{scope: "\(.scope) \($lacking)"}' <<<"$grant")"
  else
    change "the consent to $lacking of $2" POST "$all_grants" \
      "$(jq -cn --arg client "$client_principal" --arg resource "$1" --arg scope "$lacking" \
        '{clientId: $client, consentType: "AllPrincipals", resourceId: $resource, scope: $scope}')"
  fi
}

# Also what single users consented to.
revoke_consents() {
  local grant rest client_principal
  client_principal=$(service_principal "$app" id | jq -r '.id')
  [[ -n $client_principal ]] || return 0
  grants=$(pages "$service_principals/$client_principal/oauth2PermissionGrants" |
    jq -c --arg resource "$defender" --arg scope $scope_name \
      'select(.resourceId == $resource and (.scope | split(" ") | index($scope)))')
  [[ -n $grants ]] || return 0
  while read -r grant <&3; do
    rest=$(jq -r --arg scope $scope_name '(.scope | split(" ")) - [$scope, ""] | join(" ")' <<<"$grant")
    set -- "the consent to $scope_name of WindowsDefenderATP" "$all_grants/$(jq -r '.id' <<<"$grant")"
    if [[ -n $rest ]]; then
      change "$1" PATCH "$2" "$(jq -cn --arg scope "$rest" '{scope: $scope}')"
    else
      change "$1" DELETE "$2"
    fi
  done 3<<<"$grants"
}

revoke_credentials() {
  local credentials credential
  credentials=$(pages "$registration/federatedIdentityCredentials" |
    jq -c --arg subject "$principal" 'select(.subject == $subject)')
  [[ -n $credentials ]] || return 0
  while read -r credential <&3; do
    change "the federated credential $(jq -r '.name' <<<"$credential")" DELETE \
      "$registration/federatedIdentityCredentials/$(jq -r '.id' <<<"$credential")"
  done 3<<<"$credentials"
}

mode=
host=
client=
ids=()
while (($#)); do
  case $1 in
    --check | --dry-run | --revoke)
      [[ -z $mode || $mode == "$1" ]] || fail $misused "one of $mode and $1 expected but found both"
      mode=$1
      ;;
    --host | --client)
      (($# > 1)) || fail $misused "a value expected after $1 but found none"
      if [[ $1 == --host ]]; then host=$2; else client=$(lower "$2"); fi
      shift
      ;;
    -h | --help) usage && exit $ok ;;
    -*) usage >&2 && fail $misused "unknown option $1" ;;
    *) ids+=("$(lower "$1")") ;;
  esac
  shift
done
((${#ids[@]} == 2)) || { usage >&2 && fail $misused "APP_ID and PRINCIPAL_ID expected but found ${#ids[@]} ids"; }
app=${ids[0]}
principal=${ids[1]}
is_guid "$app" || fail $misused "APP_ID must be a GUID but was '$app'"
is_guid "$principal" || fail $misused "PRINCIPAL_ID must be a GUID but was '$principal'"
[[ -z $client ]] || is_guid "$client" || fail $misused "CLIENT_ID must be a GUID but was '$client'"
# As the deployment prints it: an address.
host=${host#https://}
host=$(lower "${host%/}")
[[ -z $host || $host =~ ^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$ ]] || fail $misused "HOST must be a host name but was '$host'"
for tool in az jq; do
  command -v $tool >/dev/null || fail $broken "$tool is not on the PATH; Azure Cloud Shell has it"
done

error=$(mktemp)
trap 'rm -f "$error"' EXIT
endpoint=$(az cloud show --query endpoints.microsoftGraphResourceId --output tsv)
endpoint=${endpoint%/}
authority=$(az cloud show --query endpoints.activeDirectory --output tsv)
issuer=${authority%/}/$(az account show --query tenantId --output tsv)/v2.0
case $authority in
  *.us | *.us/) audience=api://AzureADTokenExchangeUSGov ;;
  *) audience=api://AzureADTokenExchange ;;
esac
service_principals=$endpoint/v1.0/servicePrincipals
registration="$endpoint/v1.0/applications(appId='$app')"
all_grants=$endpoint/v1.0/oauth2PermissionGrants
changes=()
verb=Done

find_registration
find_defender
if [[ $mode == --revoke ]]; then
  verb=Removed
  revoke_consents
  revoke_credentials
  ((${#changes[@]} > 0)) || { say "Nothing to do: $name has neither the consent nor the credential." && exit $ok; }
  say "A token for Defender that Entra gave before is valid for up to 90 minutes: turn the mode off, too."
  exit $ok
fi

find_identity
complete_service_principal
complete_registration
complete_credential
consent "$defender" WindowsDefenderATP $scope_name
if [[ -n $host ]]; then
  # None to user_impersonation: an application needs no consent to a token for itself.
  graph_principal=$(service_principal $graph_app id | jq -r '.id')
  consent "$graph_principal" 'Microsoft Graph' "$sign_in_scopes"
fi

((${#changes[@]} > 0)) || { say "Nothing to do: $name has everything." && exit $ok; }
case $mode in
  --check)
    printf -- '- %s\n' "${changes[@]}" >&2
    fail $incomplete "$name lacks the above. An Entra administrator adds it:" \
      "infra/delegate.sh${host:+ --host $host}${client:+ --client $client} $app $principal"
    ;;
  --dry-run) ;;
  *) say "Entra may need some minutes until all of it is in force." ;;
esac
