using System.Globalization;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Networks;
using Alcor.Network.Subnets;
using Alcor.Server.Api.Access;

namespace Alcor.Server.Api.Neutron;

/// <summary>How much of their addresses networks use, each counted on its partition at one revision.</summary>
internal sealed class NetworkIpAvailabilities(ApiServices services) : ICollectionSource
{
    private static readonly ResourceType<Alcor.Network.Networks.Network> NetworkType =
        Alcor.Network.Networks.Network.Type;

    public async IAsyncEnumerable<Stamped<object>> ListAsync(ApiCall call)
    {
        // To count is dear: nothing is for who may not see it.
        if (services.Refuse(call.Caller, $"get_{NetworkIpAvailability.Type.Api.Policy}") is not null)
            yield break;
        var asked = call.Http.Request.Query;
        var reader = new ListReader(services.Store, NetworkType.Name, ServerLimits.ListReadMax);
        var networks = asked["network_id"] is { Count: > 0 } ids
            ? reader.ReadAsync(ids.OfType<string>().Where(id => id.Length > 0).Distinct(), null, call.Aborted)
            : reader.ReadAsync([new ListSource(null, null)], null, call.Aborted);
        var versions = asked["ip_version"];
        await foreach (var network in networks)
        {
            if (await CountAsync(network.Key.Id, subnet => versions is [] || versions.Contains(
                subnet.IpVersion.ToString(CultureInfo.InvariantCulture))) is { } row)
                yield return row;
        }
    }

    public ValueTask<Stamped<object>?> FindAsync(ApiCall call, string id) => CountAsync(id, _ => true);

    private async ValueTask<Stamped<object>?> CountAsync(string networkId, Func<Subnet, bool> isCounted)
    {
        var partition = await services.Catalog.LoadAsync(services.Store, PartitionKey.Network(networkId));
        return partition.Find(NetworkType, networkId) is { } network
            ? new Stamped<object>(
                NetworkIpAvailability.Of(network.Value, partition, isCounted), network.Revision)
            : null;
    }
}
