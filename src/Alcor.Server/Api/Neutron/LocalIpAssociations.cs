using Alcor.Kernel.Resources;
using Alcor.Network;
using Alcor.Network.LocalIps;
using Alcor.Network.Ports;

namespace Alcor.Server.Api.Neutron;

/// <summary>The ports that a local IP means, which it has in itself, with where they are.</summary>
internal sealed class LocalIpAssociations(ApiServices services) : ICollectionSource
{
    public async IAsyncEnumerable<Stamped<object>> ListAsync(ApiCall call)
    {
        if (await services.FindAsync(LocalIp.Type, call.Ids[0], call.Aborted) is not { } found)
            yield break;
        foreach (var one in ((LocalIp)found.Value).Associations.OrEmpty())
            yield return await ShowAsync(call, found, one);
    }

    public async ValueTask<Stamped<object>?> FindAsync(ApiCall call, string id)
    {
        if (await services.FindAsync(LocalIp.Type, call.Ids[0], call.Aborted) is not { } found)
            return null;
        foreach (var one in ((LocalIp)found.Value).Associations.OrEmpty().Where(one => one.PortId == id))
            return await ShowAsync(call, found, one);
        return null;
    }

    private async ValueTask<Stamped<object>> ShowAsync(ApiCall call, Stamped<object> ip, AssociatedPort one)
    {
        var port = await services.FindAsync(Port.Type, one.PortId, call.Aborted);
        return ip with { Value = LocalIpAssociation.Of((LocalIp)ip.Value, one, (Port?)port?.Value) };
    }
}
