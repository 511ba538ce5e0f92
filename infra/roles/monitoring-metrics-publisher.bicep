@description('Object id of the identity that the app runs as.')
param principalId string

@description('Resource id of that identity.')
param identityResourceId string

@description('The Application Insights component.')
param componentName string

var roleId = '3913510d-42f4-4e42-8a64-420c390055eb' // Monitoring Metrics Publisher

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: componentName
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(component.id, toLower(identityResourceId), roleId)
  scope: component
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleId)
    description: 'The app sends telemetry; in spite of its name the role covers logs and traces.'
  }
}
