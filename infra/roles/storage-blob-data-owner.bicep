@description('Object id of the identity that the app runs as.')
param principalId string

@description('Resource id of that identity.')
param identityResourceId string

@description('The storage account.')
param storageAccountName string

var roleId = 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b' // Storage Blob Data Owner

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: storageAccountName
}

// On the account: the host makes containers of its own for keys and leases, and this role is what it asks for. The account
// holds no blob but the app's.
resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account.id, toLower(identityResourceId), roleId)
  scope: account
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleId)
    description: 'The Functions host keeps package, keys and leases.'
  }
}
