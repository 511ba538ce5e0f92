import { Tags } from '../types.bicep'

@description('Name of the rule.')
@minLength(1)
@maxLength(260)
param name string

@description('Region of the rule.')
param location string

@description('Tags of the rule.')
param tags Tags

@description('The workspace with the cap.')
param workspaceResourceId string

@description('The action group to notify; empty for none.')
param actionGroupResourceId string

// The workspace goes on to write its Operation table when it takes in nothing else. The datatable stands in before its first row.
var query = '''
union isfuzzy=true (datatable(Category: string, Detail: string)[]), _LogOperation
| where Category =~ "Ingestion" and Detail contains "OverQuota"
'''

resource rule 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = {
  name: name
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: 'The daily cap of the workspace is reached'
    description: 'Until the next day the workspace takes in no lines: the other alert rules see nothing. Who called so often? See "What it costs" in infra/README.md.'
    severity: 1
    enabled: true
    // The event comes once a day, and what it tells lasts: a person closes the alert.
    autoMitigate: false
    scopes: [workspaceResourceId]
    evaluationFrequency: 'PT15M'
    windowSize: 'PT15M'
    skipQueryValidation: true
    criteria: {
      allOf: [
        {
          query: query
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    actions: {
      actionGroups: empty(actionGroupResourceId) ? [] : [actionGroupResourceId]
    }
  }
}
