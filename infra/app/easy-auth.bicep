@description('The function app.')
param siteName string

@description('Client id of the app registration that stands for this API.')
@minLength(36)
@maxLength(36)
param clientId string

@description('Object ids of the identities that may call; empty for every identity of the tenant.')
param allowedPrincipalIds string[]

@description('True lets people sign in with their browser, and keeps their tokens so that the app can ask in their name.')
param askAsUser bool

@description('False lets callers without a token pass. Their function keys and, for who asks as a user, the app itself keep others out.')
param required bool

resource site 'Microsoft.Web/sites@2025-03-01' existing = {
  name: siteName
}

var issuer = '${environment().authentication.loginEndpoint}${tenant().tenantId}'

// Without askAsUser tokens only: no sign-in page and no token store. There is never a client secret.
resource authentication 'Microsoft.Web/sites/config@2025-03-01' = {
  parent: site
  name: 'authsettingsV2'
  properties: {
    platform: {
      enabled: true
    }
    globalValidation: {
      requireAuthentication: required
      unauthenticatedClientAction: required ? 'Return401' : 'AllowAnonymous'
      // What the app answers without a token. The path of a lookup ends in 128 random bits, which are the right to read it:
      // workflow engines poll it without repeating their token. The webhook still asks for its function key: Microsoft Graph and Event Grid
      // send no token for this API, not even when they ask whether the endpoint wants their deliveries.
      // The page of analysts holds nothing and sends people to /.auth/login/aad; what it asks then is not excluded. It is documented that
      // an excluded path gets no challenge, and not who sets X-MS-CLIENT-PRINCIPAL there: exclude none that believes this header.
      excludedPaths: [
        '/api/health/live'
        '/api/health/ready'
        '/api/openapi.json'
        '/api/swagger.json'
        '/api/lookups/*'
        '/api/webhooks/alerts'
        ...(askAsUser ? ['/api/analyst'] : [])
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
          // An app registration issues tokens of version 1 unless told otherwise, and the issuer of those has no /v2.0. But only sign-in
          // of version 2 asks for scopes, so delegate.sh tells the registration otherwise.
          openIdIssuer: askAsUser ? '${issuer}/v2.0' : issuer
          // The name of a setting that holds no secret: it makes the platform present a token of the identity instead.
          ...(askAsUser ? { clientSecretSettingName: 'OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID' } : {})
        }
        // The scope by its name: for /.default of its own, an application gets an id token or AADSTS90009.
        ...(askAsUser
          ? {
              login: {
                loginParameters: ['scope=openid profile email offline_access api://${clientId}/user_impersonation']
              }
            }
          : {})
        validation: {
          allowedAudiences: [
            'api://${clientId}'
            // Tokens of version 2 name the client id, whatever was asked for.
            ...(askAsUser ? [clientId] : [])
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
        enabled: askAsUser
      }
    }
  }
}
