using System.Collections.Immutable;
using Alcor.Kernel.Resources;
using Alcor.Network.Routers;
using Alcor.Network.Sharing;
using Alcor.Network.Subnets;

namespace Alcor.Network.Networks;

/// <summary>What follows when a network is shared otherwise than before.</summary>
internal static class NetworkShares
{
    /// <summary>With other shares; a network that leads nowhere is not the default external one.</summary>
    public static Network With(Network network, ImmutableArray<Share> shares)
    {
        var shared = network with { Shares = shares };
        return shared with { IsDefault = shared is { IsDefault: true, IsExternal: true } };
    }

    /// <summary>
    /// Why the network must stay external for somebody: it is the default of all, or a router leads out by it.
    /// </summary>
    public static string? FindReasonFor(
        Network network, Share ended, ImmutableArray<Share> left, DecideContext context)
    {
        if (ended.Action != ShareAction.AsExternal)
            return null;
        if (network.IsDefault && ended.Target == Share.Everybody)
            return "Default external networks must be shared to everyone.";
        var isNeeded = context.Referrers(Network.Type.Key(network.Id), Router.Type)
            .Select(router => router.Value.ProjectId)
            .Any(project => (ended.Target == Share.Everybody || ended.Target == project)
                && !Shares.IsSharedWith(project, left, ShareAction.AsExternal));
        return isNeeded
            ? "There are routers attached to this network that depend on this policy for access."
            : null;
    }

    /// <summary>The subnets are seen by whoever sees their network.</summary>
    /// <param name="partition">That of the network.</param>
    public static void ShareSubnets(this Decision decision, Network network, Snapshot partition)
    {
        foreach (var id in network.SubnetIds)
        {
            if (partition.Find(Subnet.Type, id) is { } subnet)
                decision.Update(Subnet.Type, subnet.Value with { Shares = network.Shares }, subnet);
        }
    }
}
