import { tableNames } from '../storage/names.bicep'

@description('Object id of the identity that the app runs as.')
param principalId string

@description('Resource id of that identity.')
param identityResourceId string

@description('The storage account.')
param storageAccountName string

var roleId = '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3' // Storage Table Data Contributor

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: storageAccountName

  resource service 'tableServices' existing = {
    name: 'default'

    resource tables 'tables' existing = [for tableName in tableNames: { name: tableName }]
  }
}

// On the two tables: the host, which would like to keep its diagnostic events in a table of its own, gives that up when it
// may not, and its events are in the workspace all the same.
resource assignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (tableName, i) in tableNames: {
    name: guid(account::service::tables[i].id, toLower(identityResourceId), roleId)
    scope: account::service::tables[i]
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleId)
      description: 'The app reads and writes ${tableName}.'
    }
  }
]
