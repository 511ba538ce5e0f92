// Azure Government.
using '../../../../infra/main.bicep'

param environmentName = 'test'
param location = 'usgovvirginia'
param defenderCloud = 'gcc-high'
param privateNetwork = true
