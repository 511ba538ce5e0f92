// Defender for GCC, from the public Azure cloud.
using '../../../../infra/main.bicep'

param environmentName = 'test'
param location = 'westeurope'
param defenderCloud = 'gcc'
