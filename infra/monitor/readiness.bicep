import { Tags } from '../types.bicep'

@description('Name of the test and, with a suffix, of its alert rule.')
@minLength(1)
@maxLength(240)
param name string

@description('Region of the test.')
param location string

@description('Tags of test and rule.')
param tags Tags

@description('The Application Insights component that keeps the results.')
param componentName string

@description('Host name of the app.')
param hostName string

@description('The action group to notify; empty for none.')
param actionGroupResourceId string

// The places that ask.
var populationTags = environment().name == 'AzureUSGovernment'
  ? ['usgov-va-azr', 'usgov-phx-azr', 'usgov-tx-azr']
  : ['us-va-ash-azr', 'emea-nl-ams-azr', 'apac-sg-sin-azr']

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: componentName
}

// From outside, as callers do; Flex Consumption has no health check path. Readiness looks at table and token and spends no permit.
resource test 'Microsoft.Insights/webtests@2022-06-15' = {
  name: name
  location: location
  tags: union(tags, { 'hidden-link:${component.id}': 'Resource' })
  kind: 'standard'
  properties: {
    Name: name
    SyntheticMonitorId: name
    Kind: 'standard'
    Enabled: true
    Frequency: 900
    Timeout: 30
    RetryEnabled: true
    Locations: map(populationTags, tag => { Id: tag })
    Request: {
      RequestUrl: 'https://${hostName}/api/health/ready'
      HttpVerb: 'GET'
    }
    ValidationRules: {
      ExpectedHttpStatusCode: 200
      SSLCheck: true
      SSLCertRemainingLifetimeCheck: 7
    }
  }
}

resource rule 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${name}-readiness-failing'
  location: 'global'
  // As the portal writes them: they show the rule beside test and component.
  tags: union(tags, {
    'hidden-link:${component.id}': 'Resource'
    'hidden-link:${test.id}': 'Resource'
  })
  properties: {
    description: 'Readiness fails as seen from two places: the table or the token is out of reach, the role is missing, or the app does not start.'
    severity: 1
    enabled: true
    autoMitigate: true
    scopes: [test.id, component.id]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT30M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria'
      webTestId: test.id
      componentId: component.id
      failedLocationCount: 2
    }
    actions: empty(actionGroupResourceId) ? [] : [{ actionGroupId: actionGroupResourceId }]
  }
}
