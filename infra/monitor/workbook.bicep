import { Tags } from '../types.bicep'

@description('Region of the workbook.')
param location string

@description('Tags of the workbook.')
param tags Tags

@description('The workspace that is queried.')
param workspaceResourceId string

var lines = loadTextContent('../queries/lines.kql')
var tiles = [
  {
    title: 'Traffic: calls by entry and outcome'
    visualization: 'barchart'
    query: loadTextContent('../queries/traffic.kql')
  }
  {
    title: 'Budget: permits used in each window, and taken (also reserved or promised), against its quota'
    visualization: 'linechart'
    query: loadTextContent('../queries/budget.kql')
  }
  {
    title: 'Who used the budget'
    visualization: 'table'
    query: loadTextContent('../queries/budget-by-entry.kql')
  }
  {
    title: 'Waiting for a permit, milliseconds'
    visualization: 'linechart'
    query: loadTextContent('../queries/waits.kql')
  }
  {
    title: 'Queue: answered, deferred, failed; age of the oldest'
    visualization: 'table'
    query: loadTextContent('../queries/queue.kql')
  }
  {
    title: 'Defender: status codes and time to answer'
    visualization: 'table'
    query: loadTextContent('../queries/defender-status.kql')
  }
  {
    title: 'Errors, most frequent first'
    visualization: 'table'
    query: loadTextContent('../queries/errors.kql')
  }
]

var timeRange = {
  type: 9
  name: 'time'
  content: {
    version: 'KqlParameterItem/1.0'
    style: 'pills'
    parameters: [
      {
        id: guid('time-range')
        version: 'KqlParameterItem/1.0'
        name: 'TimeRange'
        label: 'Time'
        type: 4
        isRequired: true
        value: { durationMs: 86400000 }
        typeSettings: {
          selectableValues: [
            { durationMs: 3600000 }
            { durationMs: 14400000 }
            { durationMs: 86400000 }
            { durationMs: 604800000 }
            { durationMs: 2592000000 }
          ]
        }
      }
    ]
  }
}

var tileItems = [
  for (tile, i) in tiles: {
    type: 3
    name: 'tile-${i}'
    content: {
      version: 'KqlItem/1.0'
      title: tile.title
      query: '${lines}\n${tile.query}'
      size: 0
      queryType: 0
      resourceType: 'microsoft.operationalinsights/workspaces'
      crossComponentResources: [workspaceResourceId]
      timeContextFromParameter: 'TimeRange'
      visualization: tile.visualization
    }
  }
]

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, 'defender-alert-user')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Defender alert users'
    category: 'workbook'
    version: '1.0'
    // Shown under Azure Monitor, Workbooks, and not under those of the workspace alone.
    sourceId: 'Azure Monitor'
    serializedData: string({
      version: 'Notebook/1.0'
      items: concat([timeRange], tileItems)
      fallbackResourceIds: [workspaceResourceId]
    })
  }
}
