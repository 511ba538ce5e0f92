// Analysts ask with their own rights.
using '../../../../infra/main.bicep'

param environmentName = 'test'
param location = 'westeurope'
param entraClientId = '22222222-2222-2222-2222-222222222222'
param askAsUser = true
