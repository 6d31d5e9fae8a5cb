using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Networks;

/// <summary>The one external network that auto-allocated topologies are connected to.</summary>
public static class DefaultNetwork
{
    /// <summary>What the default external network claims: there is one at most.</summary>
    public static readonly Claim Claim = new("default-external-network", 0);

    /// <summary>Whether a network is the default, from what the request says; only an external one can be.</summary>
    public static Result<bool> Choose(Body body, Network network, DecideContext context)
    {
        if (!body.Get(NetworkAttributes.IsDefault, network.IsDefault))
            return false;
        if (body.Has(NetworkAttributes.IsDefault) && Find(context) is { } other && other.Id != network.Id)
            return NetworkErrors.DefaultExternalNetworkExists(other.Id);
        return network.IsExternal;
    }

    /// <summary>The default external network: as such it is everybody's.</summary>
    public static Network? Find(DecideContext context) => context
        .List(Network.Type, Visibility.Index, Visibility.Everybody)
        .Select(found => found.Value)
        .FirstOrDefault(network => network.IsDefault);
}
