using Alcor.Kernel.Resources;
using Alcor.Network.Ports;

namespace Alcor.Server.Api.Neutron;

/// <summary>The bindings of a port, which the port has in itself.</summary>
internal sealed class PortBindings(ApiServices services) : ICollectionSource
{
    public async IAsyncEnumerable<Stamped<object>> ListAsync(ApiCall call)
    {
        if (await services.FindAsync(Port.Type, call.Ids[0], call.Aborted) is not { } port)
            yield break;
        foreach (var binding in PortBinding.AllOf((Port)port.Value))
            yield return new Stamped<object>(binding, port.Revision);
    }

    public async ValueTask<Stamped<object>?> FindAsync(ApiCall call, string id) =>
        await services.FindAsync(Port.Type, call.Ids[0], call.Aborted) is { } port
        && PortBinding.Find((Port)port.Value, id) is { } binding
            ? new Stamped<object>(binding, port.Revision)
            : null;
}
