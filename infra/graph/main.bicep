// The grant of grant.sh as Bicep, for those who prefer a deployment. Its Graph types come from a registry, so this file is
// compiled by no test of this project; try it with what-if first. Public Azure cloud only; elsewhere take grant.sh.
//
//   az deployment group create --resource-group RG --template-file infra/graph/main.bicep --parameters identityName=NAME
//
// The deployer needs Cloud Application Administrator or a role above it, as for grant.sh, or, as an app of Microsoft Graph,
// AppRoleAssignment.ReadWrite.All and Application.Read.All.

extension microsoftGraphV1

@description('Name of the app\'s user-assigned identity in this resource group.')
param identityName string

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

// WindowsDefenderATP; missing in a tenant without Defender for Endpoint.
resource defender 'Microsoft.Graph/servicePrincipals@v1.0' existing = {
  appId: 'fc780465-2017-40d4-a0c5-307022471b92'
}

// By name, in WindowsDefenderATP: Microsoft Graph has a role of the same name, which does not help.
resource grant 'Microsoft.Graph/appRoleAssignedTo@v1.0' = {
  principalId: identity.properties.principalId
  resourceId: defender.id
  appRoleId: filter(
    defender.appRoles,
    role => role.value == 'User.Read.All' && contains(role.allowedMemberTypes, 'Application')
  )[0].id
}
