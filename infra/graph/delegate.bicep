// What delegate.sh does, as Bicep, for those who prefer a deployment: the app registration of analysts, the app's identity as its federated
// credential, and the consents. Its Graph types come from a registry, so this file is compiled by no test of this project; try it with what-if
// first. Public Azure cloud only; elsewhere take delegate.sh.
//
//   az deployment group create --resource-group RG --template-file infra/graph/delegate.bicep --parameters identityName=NAME hostName=HOST
//
// It makes a registration and finds it again by its unique name; one that was made otherwise has none and stays as it is. Callers with a
// token of their own ask for api://APP_ID, which can be added only when APP_ID, the output, is known:
//
//   az ad app update --id APP_ID --identifier-uris api://APP_ID
//
// The deployer needs Cloud Application Administrator or a role above it, as for delegate.sh, or, as an app of Microsoft Graph,
// Application.ReadWrite.All and DelegatedPermissionGrant.ReadWrite.All.

extension microsoftGraphV1

@description('Name of the app\'s user-assigned identity in this resource group.')
param identityName string

@description('Host of the app, to which browsers come back from the sign-in.')
param hostName string

@description('Name by which the registration is found again.')
param uniqueName string = 'defender-alert-user'

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

// WindowsDefenderATP; missing in a tenant without Defender for Endpoint.
resource defender 'Microsoft.Graph/servicePrincipals@v1.0' existing = {
  appId: 'fc780465-2017-40d4-a0c5-307022471b92'
}

resource graph 'Microsoft.Graph/servicePrincipals@v1.0' existing = {
  appId: '00000003-0000-0000-c000-000000000000'
}

resource registration 'Microsoft.Graph/applications@v1.0' = {
  uniqueName: uniqueName
  displayName: uniqueName
  signInAudience: 'AzureADMyOrg'
  api: {
    requestedAccessTokenVersion: 2
    oauth2PermissionScopes: [
      {
        id: guid(uniqueName, 'user_impersonation')
        value: 'user_impersonation'
        type: 'User'
        isEnabled: true
        adminConsentDisplayName: 'Ask for the users behind Defender alerts'
        adminConsentDescription: 'Asks for the users behind Defender alerts with the rights of the signed-in user.'
        userConsentDisplayName: 'Ask for the users behind Defender alerts'
        userConsentDescription: 'Asks for the users behind Defender alerts with your rights.'
      }
    ]
  }
  web: {
    redirectUris: ['https://${hostName}/.auth/login/aad/callback']
    implicitGrantSettings: {
      enableIdTokenIssuance: true
    }
  }
  requiredResourceAccess: [
    {
      resourceAppId: defender.appId
      resourceAccess: [
        {
          id: filter(defender.oauth2PermissionScopes, scope => scope.value == 'User.Read.All')[0].id
          type: 'Scope'
        }
      ]
    }
  ]

  // Entra takes any subject without a word: only the object id of a user-assigned identity of this tenant works.
  resource credential 'federatedIdentityCredentials@v1.0' = {
    name: '${registration.uniqueName}/defender-alert-user'
    issuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
    subject: identity.properties.principalId
    audiences: ['api://AzureADTokenExchange']
  }
}

resource principal 'Microsoft.Graph/servicePrincipals@v1.0' = {
  appId: registration.appId
}

resource consentToDefender 'Microsoft.Graph/oauth2PermissionGrants@v1.0' = {
  clientId: principal.id
  consentType: 'AllPrincipals'
  resourceId: defender.id
  scope: 'User.Read.All'
}

resource consentToSignIn 'Microsoft.Graph/oauth2PermissionGrants@v1.0' = {
  clientId: principal.id
  consentType: 'AllPrincipals'
  resourceId: graph.id
  scope: 'openid profile email offline_access'
}

@description('Client id of the registration: the parameter entraClientId of the deployment.')
output APP_ID string = registration.appId
