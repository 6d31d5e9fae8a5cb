using System.Collections.Immutable;

namespace Alcor.Server.Api;

/// <summary>The extensions of agents, of zones, of providers, and of what is scheduled.</summary>
internal static class AgentExtensions
{
    public static readonly ImmutableArray<Extension> All =
    [
        new(
            "agent",
            "agent",
            "The agent management extension.",
            "2013-02-03T10:00:00-00:00",
            "The collection agents. They come by themselves."),
        new(
            "agent-resources-synced",
            "Agent's Resource View Synced to Placement",
            "Stores success/failure of last sync to Placement",
            "2018-12-19T00:00:00-00:00",
            "resources_synced of agents: null, since they offer Placement nothing."),
        new(
            "availability_zone",
            "Availability Zone",
            "The availability zone extension.",
            "2015-01-01T10:00:00-00:00",
            "The collection availability_zones, and availability_zone of agents."),
        new(
            "availability_zone_filter",
            "Availability Zone Filter Extension",
            "Add filter parameters to AvailabilityZone resource",
            "2018-06-22T10:00:00-00:00",
            "Filters of availability_zones."),
        new(
            "dhcp_agent_scheduler",
            "DHCP Agent Scheduler",
            "Schedule networks among dhcp agents",
            "2013-02-07T10:00:00-00:00",
            "dhcp-agents of networks and dhcp-networks of agents: none, every host serves its networks itself."),
        new(
            "l3_agent_scheduler",
            "L3 Agent Scheduler",
            "Schedule routers among l3 agents",
            "2013-02-07T10:00:00-00:00",
            "l3-agents of routers and l3-routers of agents: none, every host serves its routers itself."),
        new(
            "network_availability_zone",
            "Network Availability Zone",
            "Availability zone support for network.",
            "2015-01-01T10:00:00-00:00",
            "availability_zone_hints and availability_zones of networks."),
        new(
            "router_availability_zone",
            "Router Availability Zone",
            "Availability zone support for router.",
            "2015-01-01T10:00:00-00:00",
            "availability_zone_hints and availability_zones of routers."),
        new(
            "service-type",
            "Neutron Service Type Management",
            "API for retrieving service providers for Neutron advanced services",
            "2013-01-20T00:00:00-00:00",
            "service-providers: who provides routers."),
    ];
}
