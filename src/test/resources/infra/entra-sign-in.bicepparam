// Workflows call with their identity.
using '../../../../infra/main.bicep'

param environmentName = 'test'
param location = 'westeurope'
param entraClientId = '22222222-2222-2222-2222-222222222222'
param entraAllowedPrincipalIds = ['33333333-3333-3333-3333-333333333333']
