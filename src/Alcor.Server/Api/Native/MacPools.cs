using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;
using Alcor.Network;
using Alcor.Network.MacRanges;
using Alcor.Network.Ports;
using Alcor.Server.Api.Access;

namespace Alcor.Server.Api.Native;

/// <summary>
/// The pools of MAC addresses. How many of each are taken is counted by reading all ports, eight bytes of memory for
/// each, whenever pools are shown.
/// </summary>
internal sealed class MacPools(NetworkSettings settings, ApiServices services) : ICollectionSource
{
    public async IAsyncEnumerable<Stamped<object>> ListAsync(ApiCall call)
    {
        // To count is dear: nothing is for who may not see it.
        if (services.Refuse(call.Caller, $"get_{MacPool.Type.Api.Policy}") is not null)
            yield break;
        var ranges = await services.Catalog.LoadAsync(services.Store, MacRange.Pool);
        var taken = await TakenAsync(call);
        foreach (var pool in MacPool.All(ranges, settings))
            yield return new Stamped<object>(pool.Count(taken, settings), ranges.Revision);
    }

    public async ValueTask<Stamped<object>?> FindAsync(ApiCall call, string id)
    {
        await foreach (var row in ListAsync(call))
        {
            if (((MacPool)row.Value).Id == id)
                return row;
        }
        return null;
    }

    /// <summary>The addresses of ports, each once, in order.</summary>
    private async ValueTask<List<MacAddress>> TakenAsync(ApiCall call)
    {
        var taken = new List<MacAddress>();
        var reader = new ListReader(services.Store, Port.Type.Name, ServerLimits.ListReadMax);
        await foreach (var stored in reader.ReadAsync([new ListSource(null, null)], after: null, call.Aborted))
            taken.Add(Port.Type.Decode(stored.Value).MacAddress);
        taken.Sort();
        var count = 0;
        for (var i = 0; i < taken.Count; i++)
        {
            if (count == 0 || taken[count - 1] != taken[i])
                taken[count++] = taken[i];
        }
        taken.RemoveRange(count, taken.Count - count);
        return taken;
    }
}
