using System.Collections.Immutable;
using Alcor.Kernel.Resources;

namespace Alcor.Network.FloatingIps;

/// <summary>Changes of floating IPs, with what follows from them where the hosts behind their routers look.</summary>
internal static class FloatingIpChanges
{
    public static Decision CreateFloatingIp(this Decision decision, FloatingIp ip) =>
        decision.Create(FloatingIp.Type, ip).AndAnswer().FollowFloatingIp(null, ip);

    public static Decision UpdateFloatingIp(this Decision decision, FloatingIp ip, Stamped<FloatingIp> earlier) =>
        decision.Update(FloatingIp.Type, ip, earlier).AndAnswer().FollowFloatingIp(earlier.Value, ip);

    /// <summary>Changes a floating IP along with something else, which is what was asked for.</summary>
    public static Decision ChangeFloatingIp(this Decision decision, FloatingIp ip, Stamped<FloatingIp> earlier) =>
        decision.Update(FloatingIp.Type, ip, earlier).FollowFloatingIp(earlier.Value, ip);

    public static Decision DeleteFloatingIp(this Decision decision, Stamped<FloatingIp> earlier) =>
        decision.Delete(FloatingIp.Type, earlier).AndAnswer().FollowFloatingIp(earlier.Value, null);

    /// <param name="before">Null: there was no such floating IP.</param>
    /// <param name="after">Null: there is none any more.</param>
    private static Decision FollowFloatingIp(this Decision decision, FloatingIp? before, FloatingIp? after)
    {
        decision.Follow(RoutedFloatingIp.Type, WholeOf(before), WholeOf(after));
        return decision.Follow(RoutedPortForwarding.Type, PartsOf(before), PartsOf(after));
    }

    private static ImmutableArray<RoutedFloatingIp> WholeOf(FloatingIp? ip) =>
        ip is not null && RoutedFloatingIp.Of(ip) is { } routed ? [routed] : [];

    private static ImmutableArray<RoutedPortForwarding> PartsOf(FloatingIp? ip) =>
        ip is null ? [] : RoutedPortForwarding.AllOf(ip);

    /// <summary>Writes what follows now and is not as it was, and takes away what does not follow any more.</summary>
    private static Decision Follow<T>(
        this Decision decision, ResourceType<T> type, ImmutableArray<T> before, ImmutableArray<T> after)
        where T : class
    {
        var left = after.Select(type.Id).ToHashSet();
        foreach (var gone in before.Where(one => !left.Contains(type.Id(one))))
            decision.Unfollow(type, gone);
        foreach (var one in after.Except(before))
            decision.Follow(type, one);
        return decision;
    }
}
