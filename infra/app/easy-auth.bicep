@description('The function app.')
param siteName string

@description('Client id of the app registration that stands for this API.')
@minLength(36)
@maxLength(36)
param clientId string

@description('Object ids of the identities that may call; empty for every identity of the tenant.')
param allowedPrincipalIds string[]

resource site 'Microsoft.Web/sites@2025-03-01' existing = {
  name: siteName
}

// Tokens only: no sign-in page, so no client secret and no token store.
resource authentication 'Microsoft.Web/sites/config@2025-03-01' = {
  parent: site
  name: 'authsettingsV2'
  properties: {
    platform: {
      enabled: true
    }
    globalValidation: {
      requireAuthentication: true
      unauthenticatedClientAction: 'Return401'
      // What the app answers without a token. The path of a lookup ends in 128 random bits, which are the right to read it:
      // workflow engines poll it without repeating their token. The webhook still asks for its function key: Microsoft Graph and Event Grid
      // send no token for this API, not even when they ask whether the endpoint wants their deliveries.
      excludedPaths: [
        '/api/health/live'
        '/api/health/ready'
        '/api/openapi.json'
        '/api/swagger.json'
        '/api/lookups/*'
        '/api/webhooks/alerts'
      ]
    }
    httpSettings: {
      requireHttps: true
    }
    identityProviders: {
      azureActiveDirectory: {
        enabled: true
        registration: {
          clientId: clientId
          // Without /v2.0: an app registration issues tokens of version 1 for api:// audiences unless told otherwise.
          openIdIssuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}'
        }
        validation: {
          allowedAudiences: [
            'api://${clientId}'
          ]
          defaultAuthorizationPolicy: empty(allowedPrincipalIds)
            ? null
            : {
                allowedPrincipals: {
                  identities: allowedPrincipalIds
                }
              }
        }
      }
    }
    login: {
      tokenStore: {
        enabled: false
      }
    }
  }
}
