// The Application Insights agent is asked for.
using '../../../../infra/main.bicep'

param environmentName = 'test'
param location = 'westeurope'
param applicationInsightsAgent = true
