targetScope = 'subscription'

import { AppSettings, DedicatedSku, DefenderCloud, FunctionName, Plan } from 'types.bicep'

@description('Name of the environment; names and tags of all resources come from it.')
@minLength(1)
@maxLength(64)
param environmentName string

@allowed([
  'australiaeast'
  'australiasoutheast'
  'brazilsouth'
  'canadacentral'
  'centralindia'
  'centralus'
  'eastasia'
  'eastus'
  'eastus2'
  'francecentral'
  'germanywestcentral'
  'italynorth'
  'japaneast'
  'koreacentral'
  'northcentralus'
  'northeurope'
  'norwayeast'
  'southafricanorth'
  'southcentralus'
  'southeastasia'
  'southindia'
  'spaincentral'
  'swedencentral'
  'uaenorth'
  'uksouth'
  'ukwest'
  'westcentralus'
  'westeurope'
  'westus'
  'westus2'
  'westus3'
  'usgovarizona'
  'usgovtexas'
  'usgovvirginia'
  'usdodcentral'
  'usdodeast'
])
@description('Region of all resources. Those of the public cloud offer Flex Consumption with Java, by the Java sample of Microsoft for azd (February 2026); "az functionapp list-flexconsumption-locations" prints the list of today. Those of Azure Government offer the Dedicated plan.')
@metadata({ azd: { type: 'location' } })
param location string

@description('The Defender for Endpoint cloud that is asked. "gcc-high" and "dod" belong into Azure Government.')
param defenderCloud DefenderCloud = 'public'

@description('Hosting plan. Azure Government had no Flex Consumption in mid-2026, so its clouds get a Dedicated plan unless told otherwise. A deployed app cannot change from one to the other.')
param plan Plan = contains(['gcc-high', 'dod'], defenderCloud) ? 'dedicated' : 'flex-consumption'

@description('Size of the Dedicated plan. B2 has 3.5 GB and is offered everywhere; B1 has less memory than one instance of Flex Consumption.')
param dedicatedSku DedicatedSku = 'B2'

@description('Java version of the worker. The package is built for 17 and runs on both.')
@allowed(['17', '21'])
param javaVersion string = '17'

@description('Instances of Flex Consumption that stay warm for the HTTP functions: 0 costs nothing at rest, 1 spares callers the cold start.')
@minValue(0)
@maxValue(1)
param alwaysReadyHttpInstances int = 0

@description('Instances of Flex Consumption that stay warm for the queue function: 1 spares requests the cold start.')
@minValue(0)
@maxValue(1)
param alwaysReadyQueueInstances int = 0

@description('Most on-demand instances of each scale group of Flex Consumption: the HTTP functions are one group, each queue function another, and the platform has one number for all. Low on purpose: Defender answers 100 calls a minute in all, so more instances find no more permits and only compete for the one row that counts them. Some regions take no less than 40.')
@minValue(1)
@maxValue(100)
param maximumInstanceCount int = 10

@description('Functions that shall not run. Unlike a setting made by hand, this outlasts a deployment.')
param disabledFunctions FunctionName[] = []

@description('Where callers may come from: IPv4 or IPv6 ranges as CIDR ("203.0.113.0/24"), or service tags ("LogicApps"). Empty: from anywhere. The availability test is always let in.')
@maxLength(100)
param allowedSources string[] = []

@description('Resource id of a user-assigned identity that exists already, so that an administrator can grant it the Defender role first. Empty: one is made.')
param existingIdentityResourceId string = ''

@description('True closes the storage account to the internet: virtual network, private endpoints for blob, queue and table.')
param privateNetwork bool = false

@description('Address range of the virtual network as CIDR, /25 or larger. It must be free in every network that is peered with it. A deployed network cannot change it.')
@maxLength(18)
param networkAddressPrefix string = '10.0.0.0/24'

@description('Client id of the Entra app registration that stands for this API. Empty: no Entra sign-in in front of the HTTP functions.')
@maxLength(36)
param entraClientId string = ''

@description('Object ids of the identities (workflows, playbooks) that may call when Entra sign-in is on. Empty: every identity of the tenant that can get a token for the API.')
@maxLength(100)
param entraAllowedPrincipalIds string[] = []

@description('True lets analysts ask with their own rights instead of those of the app. Needs entraClientId, whose app registration infra/delegate.sh prepares.')
param askAsUser bool = false

@description('False lets callers who have a function key go on without a token while analysts sign in: only who asks as a user must be one then.')
param entraRequired bool = true

@description('Resource id of the action group that the alert rules notify. Empty: alerts show in the portal, and nobody is notified.')
param actionGroupResourceId string = ''

@description('Most GB a day that the Log Analytics workspace takes in. An app that uses the whole budget of Defender writes about 0.2 GB a day.')
@minValue(1)
@maxValue(100)
param dailyCapGb int = 1

@description('Runs the Application Insights Java agent, which reports the calls to Defender and storage as dependencies. The host then leaves the lines of the app to the agent. Known limit: where storage is reached by identity, as here, the agent does not start in full on Flex Consumption (ApplicationInsights-Java 4712), and the lines that workbook and alert rules read are missing.')
param applicationInsightsAgent bool = false

@description('The clientState that Graph notifications must carry. Empty: any.')
@secure()
param graphClientState string = ''

@description('Settings of the app that shall differ from their default.')
param appSettings AppSettings = {}

var abbreviations = loadJsonContent('abbreviations.json')
var token = uniqueString(subscription().id, environmentName, location)
var tags = { 'azd-env-name': environmentName }

var identityName = '${abbreviations.managedIdentityUserAssignedIdentities}${token}'
var storageAccountName = '${abbreviations.storageStorageAccounts}${token}'
var componentName = '${abbreviations.insightsComponents}${token}'

// Who asks as a user must have signed in before.
var signInClientId = askAsUser && empty(entraClientId)
  ? fail('askAsUser needs entraClientId, the client id of the app registration at which analysts sign in, but it was empty.')
  : entraClientId

var identityResourceId = empty(existingIdentityResourceId)
  ? resourceId(
      subscription().subscriptionId,
      group.name,
      'Microsoft.ManagedIdentity/userAssignedIdentities',
      identityName
    )
  : existingIdentityResourceId

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: '${abbreviations.resourcesResourceGroups}${environmentName}'
  location: location
  tags: tags
}

module identity 'app/identity.bicep' = {
  name: 'identity'
  scope: group
  params: {
    name: identityName
    location: location
    tags: tags
    existingResourceId: existingIdentityResourceId
  }
}

module telemetry 'monitor/telemetry.bicep' = {
  name: 'telemetry'
  scope: group
  params: {
    workspaceName: '${abbreviations.operationalInsightsWorkspaces}${token}'
    componentName: componentName
    dailyCapGb: dailyCapGb
    location: location
    tags: tags
  }
}

module dailyCap 'monitor/daily-cap.bicep' = {
  name: 'daily-cap'
  scope: group
  params: {
    name: 'daily-cap-${token}'
    location: location
    tags: tags
    workspaceResourceId: telemetry.outputs.workspaceResourceId
    actionGroupResourceId: actionGroupResourceId
  }
}

module storage 'storage/storage.bicep' = {
  name: 'storage'
  scope: group
  params: {
    name: storageAccountName
    location: location
    tags: tags
    publicNetwork: !privateNetwork
    workspaceResourceId: telemetry.outputs.workspaceResourceId
  }
}

module network 'network/network.bicep' = if (privateNetwork) {
  name: 'network'
  scope: group
  params: {
    name: '${abbreviations.networkVirtualNetworks}${token}'
    endpointPrefix: '${abbreviations.networkPrivateEndpoints}${token}'
    location: location
    tags: tags
    storageAccountName: storageAccountName
    plan: plan
    addressPrefix: networkAddressPrefix
  }
  dependsOn: [storage]
}

module roles 'roles/roles.bicep' = {
  name: 'roles'
  scope: group
  params: {
    principalId: identity.outputs.principalId
    identityResourceId: identityResourceId
    storageAccountName: storageAccountName
    componentName: componentName
  }
  dependsOn: [storage, telemetry]
}

module app 'app/function-app.bicep' = {
  name: 'function-app'
  scope: group
  params: {
    name: '${abbreviations.webSitesFunctions}${token}'
    planName: '${abbreviations.webServerFarms}${token}'
    location: location
    tags: tags
    defenderCloud: defenderCloud
    plan: plan
    dedicatedSku: dedicatedSku
    javaVersion: javaVersion
    alwaysReadyHttpInstances: alwaysReadyHttpInstances
    alwaysReadyQueueInstances: alwaysReadyQueueInstances
    maximumInstanceCount: maximumInstanceCount
    disabledFunctions: disabledFunctions
    allowedSources: allowedSources
    identityResourceId: identityResourceId
    identityClientId: identity.outputs.clientId
    storageAccountName: storageAccountName
    subnetResourceId: network.?outputs.appSubnetResourceId ?? ''
    entraClientId: signInClientId
    entraAllowedPrincipalIds: entraAllowedPrincipalIds
    askAsUser: askAsUser
    entraRequired: entraRequired
    componentName: componentName
    applicationInsightsAgent: applicationInsightsAgent
    graphClientState: graphClientState
    appSettings: appSettings
  }
  // The host looks at its storage as soon as it starts, and must find its rights.
  dependsOn: [roles]
}

module alerts 'monitor/alerts.bicep' = {
  name: 'alerts'
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    workspaceResourceId: telemetry.outputs.workspaceResourceId
    actionGroupResourceId: actionGroupResourceId
  }
}

module readiness 'monitor/readiness.bicep' = {
  name: 'readiness'
  scope: group
  params: {
    name: '${abbreviations.insightsWebtests}${token}'
    location: location
    tags: tags
    componentName: componentName
    hostName: app.outputs.hostName
    actionGroupResourceId: actionGroupResourceId
  }
}

module workbook 'monitor/workbook.bicep' = {
  name: 'workbook'
  scope: group
  params: {
    location: location
    tags: tags
    workspaceResourceId: telemetry.outputs.workspaceResourceId
  }
}

@description('Region of the deployment.')
output AZURE_LOCATION string = location

@description('Tenant in which the Defender role must be granted.')
output AZURE_TENANT_ID string = tenant().tenantId

@description('The resource group.')
output AZURE_RESOURCE_GROUP string = group.name

@description('Name of the function app; azd and the deployment workflow upload the package to it.')
output SERVICE_API_NAME string = app.outputs.name

@description('Where callers reach the app.')
output SERVICE_API_URI string = 'https://${app.outputs.hostName}'

@description('Object id of the identity: the argument of grant.sh.')
output IDENTITY_PRINCIPAL_ID string = identity.outputs.principalId

@description('Id of the virtual network, to peer another one with it; empty if the network is public.')
output NETWORK_RESOURCE_ID string = network.?outputs.networkResourceId ?? ''

@description('The storage account that holds queues and tables.')
output STORAGE_ACCOUNT_NAME string = storageAccountName
