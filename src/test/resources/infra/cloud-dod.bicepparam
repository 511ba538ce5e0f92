// Azure Government, DoD region.
using '../../../../infra/main.bicep'

param environmentName = 'test'
param location = 'usdodeast'
param defenderCloud = 'dod'
