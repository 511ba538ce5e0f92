import { AppSettings, DedicatedSku, DefenderCloud, FunctionName, Plan, Tags } from '../types.bicep'
import { deploymentContainerName } from '../storage/names.bicep'

@description('Name of the function app.')
@minLength(2)
@maxLength(60)
param name string

@description('Name of the plan, which has this app alone.')
@minLength(1)
@maxLength(60)
param planName string

@description('Region of plan and app.')
param location string

@description('Tags of plan and app.')
param tags Tags

@description('The Defender cloud that is asked.')
param defenderCloud DefenderCloud

@description('Hosting plan.')
param plan Plan

@description('Size of the Dedicated plan.')
param dedicatedSku DedicatedSku

@description('Java version of the worker.')
@allowed(['17', '21'])
param javaVersion string

@description('Instances kept warm for the HTTP functions.')
@minValue(0)
@maxValue(1)
param alwaysReadyHttpInstances int

@description('Instances kept warm for the queue function.')
@minValue(0)
@maxValue(1)
param alwaysReadyQueueInstances int

@description('Most on-demand instances of each scale group.')
@minValue(1)
@maxValue(100)
param maximumInstanceCount int

@description('Functions that shall not run.')
param disabledFunctions FunctionName[]

@description('CIDR ranges and service tags that may call; empty for all.')
param allowedSources string[]

@description('Resource id of the identity that the app runs as.')
param identityResourceId string

@description('Client id of that identity.')
param identityClientId string

@description('Storage account of the host, the queues and the tables.')
@minLength(3)
@maxLength(24)
param storageAccountName string

@description('Subnet for outgoing traffic; empty for none.')
param subnetResourceId string

@description('Client id of the app registration for Entra sign-in; empty for none.')
param entraClientId string

@description('Object ids that may call when Entra sign-in is on; empty for every identity of the tenant.')
param entraAllowedPrincipalIds string[]

@description('True lets analysts ask with their own rights; needs the sign-in.')
param askAsUser bool

@description('False lets callers with a function key pass without a token.')
param entraRequired bool

@description('Application Insights component.')
param componentName string

@description('True runs the Application Insights Java agent, and the host leaves the lines of the app to it.')
param applicationInsightsAgent bool

@description('The clientState that Graph notifications must carry; empty for any.')
@secure()
param graphClientState string

@description('Settings of the app that differ from their default.')
param appSettings AppSettings

var isFlex = plan == 'flex-consumption'
var suffix = environment().suffixes.storage

// Flex Consumption knows these from functionAppConfig and refuses them. The package lies on the plan's own disk: no file share, no key.
var dedicatedSettings = isFlex
  ? {}
  : {
      FUNCTIONS_EXTENSION_VERSION: '~4'
      FUNCTIONS_WORKER_RUNTIME: 'java'
      WEBSITE_RUN_FROM_PACKAGE: '1'
    }

// Without them the host forwards each line with its operation, and samples none (host.json). The agent would keep five a second, and the
// queries add up what the lines say.
var agentSettings = applicationInsightsAgent
  ? {
      APPLICATIONINSIGHTS_ENABLE_AGENT: 'true'
      APPLICATIONINSIGHTS_SAMPLING_PERCENTAGE: '100'
    }
  : {}

// At the sign-in, the platform proves itself with the identity where others have a client secret.
var delegatedSettings = askAsUser
  ? {
      DELEGATED_CLIENT_ID: entraClientId
      DELEGATED_TENANT_ID: tenant().tenantId
      OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID: identityClientId
    }
  : {}

// They take no key and rely on the sign-in, so without it their routes do not exist.
var functionsOfAnalysts = ['MyAlertUser', 'MyAlertUsers', 'MyLookup']
var allDisabledFunctions = union(disabledFunctions, askAsUser ? [] : functionsOfAnalysts)
var disabledSettings = toObject(allDisabledFunctions, name => 'AzureWebJobs.${name}.Disabled', name => 'true')

var alwaysReady = filter(
  [
    { name: 'http', instanceCount: alwaysReadyHttpInstances }
    { name: 'function:AlertUserRequests', instanceCount: alwaysReadyQueueInstances }
  ],
  group => group.instanceCount > 0
)

// A range has a slash, and a service tag has none.
var callerRules = map(allowedSources, (source, i) => {
  name: 'caller-${i}'
  action: 'Allow'
  priority: 100 + i
  tag: contains(source, '/') ? 'Default' : 'ServiceTag'
  ipAddress: source
})
var ipSecurityRestrictions = empty(allowedSources)
  ? []
  : concat(callerRules, [
      {
        name: 'availability-test'
        action: 'Allow'
        priority: 1000
        tag: 'ServiceTag'
        ipAddress: 'ApplicationInsightsAvailability'
      }
    ])
var ipSecurityRestrictionsDefaultAction = empty(allowedSources) ? 'Allow' : 'Deny'

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: componentName
}

resource serverFarm 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: isFlex ? 'functionapp' : 'linux'
  sku: isFlex
    ? {
        name: 'FC1'
        tier: 'FlexConsumption'
      }
    : {
        name: dedicatedSku
        capacity: 1
      }
  properties: {
    reserved: true
  }
}

resource site 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'api' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityResourceId}': {}
    }
  }
  properties: {
    serverFarmId: serverFarm.id
    httpsOnly: true
    clientAffinityEnabled: false
    virtualNetworkSubnetId: empty(subnetResourceId) ? null : subnetResourceId
    // Newer stamps of Flex Consumption refuse a member that does not concern them, even if it is null.
    siteConfig: isFlex
      ? {
          minTlsVersion: '1.2'
          scmMinTlsVersion: '1.2'
          http20Enabled: true
          ipSecurityRestrictions: ipSecurityRestrictions
          ipSecurityRestrictionsDefaultAction: ipSecurityRestrictionsDefaultAction
        }
      : {
          minTlsVersion: '1.2'
          scmMinTlsVersion: '1.2'
          http20Enabled: true
          ipSecurityRestrictions: ipSecurityRestrictions
          ipSecurityRestrictionsDefaultAction: ipSecurityRestrictionsDefaultAction
          ftpsState: 'Disabled'
          linuxFxVersion: 'Java|${javaVersion}'
          // No scale controller looks at the queue: an app that sleeps would not see its messages.
          alwaysOn: true
        }
    functionAppConfig: isFlex
      ? {
          deployment: {
            storage: {
              type: 'blobContainer'
              value: 'https://${storageAccountName}.blob.${suffix}/${deploymentContainerName}'
              authentication: {
                type: 'UserAssignedIdentity'
                userAssignedIdentityResourceId: identityResourceId
              }
            }
          }
          runtime: {
            name: 'java'
            version: javaVersion
          }
          scaleAndConcurrency: {
            instanceMemoryMB: 2048
            maximumInstanceCount: maximumInstanceCount
            alwaysReady: alwaysReady
            triggers: {
              http: {
                // A caller may wait 90 seconds for its permit, and costs a blocked thread meanwhile. With the platform's 16 for this
                // size, 17 callers would start a second instance, which has no more permits than the first.
                perInstanceConcurrency: 100
              }
            }
          }
        }
      : null
  }

  resource ftp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: {
      allow: false
    }
  }

  resource scm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: {
      allow: false
    }
  }

  resource settings 'config' = {
    name: 'appsettings'
    properties: union(
      {
        AzureWebJobsStorage__blobServiceUri: 'https://${storageAccountName}.blob.${suffix}'
        AzureWebJobsStorage__queueServiceUri: 'https://${storageAccountName}.queue.${suffix}'
        AzureWebJobsStorage__tableServiceUri: 'https://${storageAccountName}.table.${suffix}'
        AzureWebJobsStorage__credential: 'managedidentity'
        AzureWebJobsStorage__clientId: identityClientId
        APPLICATIONINSIGHTS_CONNECTION_STRING: component.properties.ConnectionString
        APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
        // The app takes 1 MiB and refuses more with a code of its own. Without this setting the host would hold 100 MiB for it, and for
        // routes that need no key.
        FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '2097152'
        AZURE_CLIENT_ID: identityClientId
        DEFENDER_CLOUD: defenderCloud
        GRAPH_CLIENT_STATE: graphClientState
      },
      dedicatedSettings,
      agentSettings,
      delegatedSettings,
      disabledSettings,
      appSettings
    )
  }
}

module easyAuth 'easy-auth.bicep' = if (!empty(entraClientId)) {
  name: 'easy-auth'
  params: {
    siteName: site.name
    clientId: entraClientId
    allowedPrincipalIds: entraAllowedPrincipalIds
    askAsUser: askAsUser
    required: entraRequired
  }
}

// No diagnostic setting: FunctionAppLogs would hold each line a second time, and the platform keeps metrics for 93 days by itself.

@description('Name of the function app.')
output name string = site.name

@description('Host name that callers use.')
output hostName string = site.properties.defaultHostName
