// Analysts ask with their own rights, and who has a function key goes on without a token.
using '../../../../infra/main.bicep'

param environmentName = 'test'
param location = 'westeurope'
param entraClientId = '22222222-2222-2222-2222-222222222222'
param entraRequired = false
param askAsUser = true
