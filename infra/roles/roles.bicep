@description('Object id of the identity that the app runs as.')
param principalId string

@description('Resource id of that identity; known before the identity is made, so that the names of the assignments are too. Its letter case does not matter.')
param identityResourceId string

@description('The storage account.')
param storageAccountName string

@description('The Application Insights component.')
param componentName string

module blob 'storage-blob-data-owner.bicep' = {
  name: 'role-blob'
  params: {
    principalId: principalId
    identityResourceId: identityResourceId
    storageAccountName: storageAccountName
  }
}

module queue 'storage-queue-data-contributor.bicep' = {
  name: 'role-queue'
  params: {
    principalId: principalId
    identityResourceId: identityResourceId
    storageAccountName: storageAccountName
  }
}

module table 'storage-table-data-contributor.bicep' = {
  name: 'role-table'
  params: {
    principalId: principalId
    identityResourceId: identityResourceId
    storageAccountName: storageAccountName
  }
}

module metrics 'monitoring-metrics-publisher.bicep' = {
  name: 'role-telemetry'
  params: {
    principalId: principalId
    identityResourceId: identityResourceId
    componentName: componentName
  }
}
