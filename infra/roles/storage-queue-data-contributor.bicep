import { queueNames } from '../storage/names.bicep'

@description('Object id of the identity that the app runs as.')
param principalId string

@description('Resource id of that identity.')
param identityResourceId string

@description('The storage account.')
param storageAccountName string

var roleId = '974c5e8b-45b9-4653-ba55-5f855dd0fb88' // Storage Queue Data Contributor

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: storageAccountName

  resource service 'queueServices' existing = {
    name: 'default'

    resource queues 'queues' existing = [for queueName in queueNames: { name: queueName }]
  }
}

// Not the narrower pair of reader and processor: to extend a lease or to hand a failed message back is to update it, which
// that pair cannot.
resource assignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (queueName, i) in queueNames: {
    name: guid(account::service::queues[i].id, toLower(identityResourceId), roleId)
    scope: account::service::queues[i]
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleId)
      description: 'The app receives from and sends to ${queueName}.'
    }
  }
]
