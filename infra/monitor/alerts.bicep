import { Tags } from '../types.bicep'

@description('Region of the rules.')
param location string

@description('Tags of the rules.')
param tags Tags

@description('Makes the names of the rules unique in the resource group.')
param token string

@description('The workspace that is queried.')
param workspaceResourceId string

@description('The action group to notify; empty for none.')
param actionGroupResourceId string

// Each query returns rows exactly when there is something to tell.
var lines = loadTextContent('../queries/lines.kql')
var rules = [
  {
    name: 'defender-throttled'
    displayName: 'Defender throttled a call'
    description: 'Defender answered 429 although our counter granted the permit: another client uses the same quota, or RATE_LIMITS is above what Defender allows. All instances pause by themselves.'
    severity: 2
    window: 'PT15M'
    query: loadTextContent('../queries/alert-defender-throttled.kql')
    resolvesItself: true
  }
  {
    name: 'poison-message'
    displayName: 'The poison queue got a message'
    description: 'A request failed five times and its failed result has not been sent. See "The poison queue" in infra/README.md. This alert stays until somebody closes it.'
    severity: 2
    window: 'P2D'
    query: loadTextContent('../queries/alert-poison-message.kql')
    // The log tells of two days at most, a message stays for seven: that the query finds no more proves nothing.
    resolvesItself: false
  }
  {
    name: 'oldest-request-too-old'
    displayName: 'A queued request waits too long'
    description: 'A queued request is older than an hour, or requests arrive and the queue function does not run.'
    severity: 3
    window: 'PT1H'
    query: loadTextContent('../queries/alert-oldest-request-too-old.kql')
    resolvesItself: true
  }
  {
    name: 'access-denied'
    displayName: 'Defender denies access'
    description: 'Defender answered 401 or 403: the identity has no User.Read.All of WindowsDefenderATP, or its token is older than the grant (up to 24 hours). Run infra/grant.sh --check.'
    severity: 1
    window: 'PT15M'
    query: loadTextContent('../queries/alert-access-denied.kql')
    resolvesItself: true
  }
  {
    name: 'purge-missing'
    displayName: 'Old answers are not deleted'
    description: 'No purge has succeeded for three hours, so answers about persons are stored longer than the README says. Is the function Purge disabled, or the app stopped?'
    severity: 2
    window: 'P1D'
    query: loadTextContent('../queries/alert-purge-missing.kql')
    resolvesItself: true
  }
]

resource logAlerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in rules: {
    name: '${rule.name}-${token}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: rule.displayName
      description: rule.description
      severity: rule.severity
      enabled: true
      autoMitigate: rule.resolvesItself
      scopes: [workspaceResourceId]
      evaluationFrequency: 'PT15M'
      // Without a mute, a rule that does not resolve itself notifies at each evaluation.
      muteActionsDuration: rule.resolvesItself ? null : 'P1D'
      windowSize: rule.window
      // Each query stands in for a missing table, which Azure's own check of a new rule would still refuse.
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: '${lines}\n${rule.query}'
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
]
