using System.Collections.Immutable;
using Alcor.Kernel.Resources;

namespace Alcor.Network.Routers;

/// <summary>What a router is asked to add or remove as an interface, and what it answers.</summary>
internal static class InterfaceBody
{
    /// <summary>Not checked here for being UUIDs: that is an error of the router's own.</summary>
    private static readonly Schema<string?> Target = Schemas.Nullable(Schemas.Text(CommonAttributes.TextMax));

    public static readonly Attribute<Router, string?> SubnetId =
        new("subnet_id", Target, "A subnet that it is the gateway of.")
        {
            Read = router => ChangeOf(router).SubnetIds[^1],
            InCreate = Presence.Optional,
        };

    public static readonly Attribute<Router, string?> PortId = new("port_id", Target, "The port of the interface.")
    {
        Read = router => ChangeOf(router).PortId,
        InCreate = Presence.Optional,
    };

    public static readonly ImmutableArray<IAttribute> Asked = [SubnetId, PortId];

    public static readonly ImmutableArray<IAttribute> Answered =
    [
        RouterAttributes.Id,
        Project("tenant_id"),
        Project("project_id"),
        PortId,
        new Attribute<Router, string>("network_id", Schemas.Uuid, "The network of the subnets.")
        {
            Read = router => ChangeOf(router).NetworkId,
        },
        SubnetId,
        new Attribute<Router, ImmutableArray<string>>(
            "subnet_ids", Schemas.ListOf(Schemas.Uuid, int.MaxValue), "The subnets that were added or removed.")
        {
            Read = router => ChangeOf(router).SubnetIds,
        },
    ];

    private static Attribute<Router, string> Project(string name) =>
        new(name, Schemas.Text(CommonAttributes.TextMax), "The owner of the port.")
        {
            Read = router => ChangeOf(router).ProjectId,
        };

    private static ChangedInterface ChangeOf(Stamped<Router> router) =>
        router.Value.Changed ?? throw new InvalidOperationException("only who changed an interface is answered so");
}
