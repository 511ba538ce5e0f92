import { Tags } from '../types.bicep'

@description('Name of the private endpoint.')
@minLength(2)
@maxLength(80)
param name string

@description('Region of the endpoint.')
param location string

@description('Tags of endpoint and zone.')
param tags Tags

@description('Which part of the storage account it leads to.')
@allowed(['blob', 'queue', 'table'])
param service string

@description('The storage account.')
param storageAccountName string

@description('Network whose machines resolve the private name.')
param networkResourceId string

@description('Subnet of the endpoint.')
param subnetResourceId string

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: storageAccountName
}

resource endpoint 'Microsoft.Network/privateEndpoints@2025-01-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    subnet: {
      id: subnetResourceId
    }
    privateLinkServiceConnections: [
      {
        name: service
        properties: {
          privateLinkServiceId: account.id
          groupIds: [service]
        }
      }
    ]
  }

  resource zoneGroup 'privateDnsZoneGroups' = {
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        {
          name: service
          properties: {
            privateDnsZoneId: zone.id
          }
        }
      ]
    }
  }
}

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: 'privatelink.${service}.${environment().suffixes.storage}'
  location: 'global'
  tags: tags

  resource link 'virtualNetworkLinks' = {
    name: 'network'
    location: 'global'
    tags: tags
    properties: {
      registrationEnabled: false
      virtualNetwork: {
        id: networkResourceId
      }
    }
  }
}
