using System.Collections.Immutable;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Networks;
using Alcor.Network.Routers;
using Alcor.Network.Segments;
using Alcor.Network.SubnetPools;
using Alcor.Network.Subnets;

namespace Alcor.Network.Topologies;

/// <summary>
/// Gives a project a network with a subnet of each default pool, and a router that is their gateway and leads to the
/// default external network: all of it in one commit. Changes nothing, and answers nothing, if the project has one.
/// </summary>
/// <param name="Request">Who asks; the ids of all that is made derive from its own.</param>
public sealed record AllocateTopology(NetworkSettings Settings, string ProjectId, ChangeRequest Request) : ICommand
{
    /// <summary>That of the creation of networks, which all other networks come by.</summary>
    public PartitionKey Lane => Segment.Pool;

    /// <summary>All topologies are of the same pools, and lead to the same network.</summary>
    public bool IsAlone => true;

    public IReadOnlyList<ResourceKey> Reads => [AutoAllocatedTopology.Type.Key(ProjectId)];

    private string NetworkId => IdOf("network");

    private string RouterId => IdOf("router");

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var known = context.Read(AutoAllocatedTopology.Type, ProjectId);
        if (known is { } earlier && context.Read(Networks.Network.Type, earlier.Value.NetworkId) is not null)
            return new Decision();
        if (DefaultNetwork.Find(context) is not { } external)
            return TopologyRequirements.NoExternalNetwork;
        var pools = TopologyRequirements.PoolsFor(Request.Caller, context);
        var composition = new Composition(snapshot, context);
        if ((AddNetwork(composition, pools) ?? AddRouter(composition, external.Id, pools.Length)) is { } error)
            return error;
        var topology = new AutoAllocatedTopology(ProjectId, NetworkId, RouterId);
        var decision = known is { } left
            ? composition.Decision.Update(AutoAllocatedTopology.Type, topology, left)
            : composition.Decision.Create(AutoAllocatedTopology.Type, topology);
        return decision.AndAnswer();
    }

    private ApiError? AddNetwork(Composition composition, ImmutableArray<SubnetPool> pools)
    {
        if (pools.IsEmpty)
            return NoNetwork;
        var network = NewItem(NetworkId, 0, (NetworkAttributes.Name, "auto_allocated_network"));
        var error = composition.Add(new CreateNetworks(Settings, [network]));
        for (var i = 0; i < pools.Length && error is null; i++)
        {
            error = composition.Add(new CreateSubnets(
            [
                NewItem(
                    SubnetId(i),
                    i,
                    (SubnetAttributes.Name, $"auto_allocated_subnet_v{pools[i].IpVersion}"),
                    (SubnetAttributes.NetworkId, NetworkId),
                    (SubnetAttributes.IpVersion, (long)pools[i].IpVersion),
                    (SubnetAttributes.SubnetPoolId, pools[i].Id)),
            ]));
        }
        return error is { Status: 400 or 404 } or { Type: "SubnetAllocationError" } ? NoNetwork : error;
    }

    private ApiError? AddRouter(Composition composition, string externalId, int subnets)
    {
        var gateway = new GatewayRequest(
            externalId, EnableSnat: null, FixedIps: [], QosPolicyId: null, NamesQosPolicy: false);
        var router = NewItem(
            RouterId, subnets, (RouterAttributes.Name, "auto_allocated_router"), (RouterAttributes.Gateway, gateway));
        var error = composition.Add(new CreateRouters(Settings, [router]));
        for (var i = 0; i < subnets && error is null; i++)
        {
            var change = Request with
            {
                Body = Body.Empty.With(InterfaceBody.SubnetId, SubnetId(i)),
                NewId = IdOf($"interface/{i}"),
                Entropy = Request.Entropy + (ulong)i,
            };
            error = composition.Add(new AddRouterInterface(Settings, RouterId, change));
        }
        return error is { Status: 400 }
            ? TopologyRequirements.Failure("Unable to provide external connectivity")
            : error;
    }

    private static ApiError NoNetwork => TopologyRequirements.Failure("Unable to provide tenant private network");

    private string SubnetId(int index) => IdOf($"subnet/{index}");

    private string IdOf(string part) => DerivedId.Of(Request.NewId, part);

    private NewResource NewItem(string id, int index, params (IAttribute Attribute, object Value)[] values) =>
        new(
            id,
            ProjectId,
            new Body(values.ToDictionary(one => one.Attribute, one => (object?)one.Value)),
            Request.Entropy + (ulong)index)
        {
            Caller = Request.Caller,
        };
}
