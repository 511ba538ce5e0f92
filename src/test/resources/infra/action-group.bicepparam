// Somebody is told.
using '../../../../infra/main.bicep'

param environmentName = 'test'
param location = 'westeurope'
param actionGroupResourceId = '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-on-call/providers/Microsoft.Insights/actionGroups/ag-soc'
