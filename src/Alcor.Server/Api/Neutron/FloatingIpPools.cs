using Alcor.Kernel.Resources;
using Alcor.Network.FloatingIps;
using Alcor.Network.Subnets;
using Alcor.Server.Api.Access;

namespace Alcor.Server.Api.Neutron;

/// <summary>The subnets that floating IPs can be of: those of the external networks that the caller sees.</summary>
internal sealed class FloatingIpPools(ApiServices services) : ICollectionSource
{
    private static readonly ResourceType<Alcor.Network.Networks.Network> NetworkType =
        Alcor.Network.Networks.Network.Type;

    public async IAsyncEnumerable<Stamped<object>> ListAsync(ApiCall call)
    {
        // To look through networks is dear: nothing is for who may not see it.
        if (services.Refuse(call.Caller, $"get_{FloatingIpPool.Type.Api.Policy}") is not null)
            yield break;
        var reader = new ListReader(services.Store, NetworkType.Name, ServerLimits.ListReadMax);
        await foreach (var stored in reader.ReadAsync(SourcesFor(call.Caller), after: null, call.Aborted))
        {
            var network = NetworkType.Decode(stored.Value);
            foreach (var subnetId in network.IsExternal ? network.SubnetIds : [])
            {
                if (await PoolAsync(call, subnetId) is { } pool)
                    yield return pool;
            }
        }
    }

    public async ValueTask<Stamped<object>?> FindAsync(ApiCall call, string id)
    {
        if (await PoolAsync(call, id) is not { } pool)
            return null;
        var networkId = ((FloatingIpPool)pool.Value).NetworkId;
        return await services.FindAsync(NetworkType, networkId, call.Aborted) is
            { Value: Alcor.Network.Networks.Network { IsExternal: true } network }
            && (call.Caller.IsAdmin || NetworkType.IsVisible(network, call.Caller.ProjectId))
            ? pool
            : null;
    }

    private async ValueTask<Stamped<object>?> PoolAsync(ApiCall call, string subnetId) =>
        await services.FindAsync(Subnet.Type, subnetId, call.Aborted) is { Value: Subnet subnet } found
        && FloatingIpPool.Of(subnet, call.Caller.ProjectId) is { } pool
            ? new Stamped<object>(pool, found.Revision)
            : null;

    private static List<ListSource> SourcesFor(Caller caller) => caller.IsAdmin
        ? [new ListSource(Index: null, RefersTo: null)]
        :
        [
            .. ((string[])[caller.ProjectId, Visibility.Everybody])
                .Where(project => project.Length > 0)
                .Select(project => new ListSource(NetworkType.Entry(Visibility.Index, project), RefersTo: null)),
        ];
}
