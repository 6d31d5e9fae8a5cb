using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Nodes;

namespace Alcor.Server.Api.Neutron;

/// <summary>The availability zones, which follow from the agents.</summary>
internal sealed class AvailabilityZones(ApiServices services) : ICollectionSource
{
    public async IAsyncEnumerable<Stamped<object>> ListAsync(ApiCall call)
    {
        var all = ListQuery.All(Network.Nodes.Agent.Type.Name);
        var stored = await services.Store.ListAsync(all, call.Aborted);
        foreach (var zone in AvailabilityZone.Of(stored.Select(one => Network.Nodes.Agent.Type.Decode(one.Value))))
            yield return new Stamped<object>(zone, 0);
    }

    /// <summary>A zone has no id; it is shown by its name, as a zone of networks.</summary>
    public async ValueTask<Stamped<object>?> FindAsync(ApiCall call, string id)
    {
        await foreach (var row in ListAsync(call))
        {
            if (((AvailabilityZone)row.Value).Name == id)
                return row;
        }
        return null;
    }
}
