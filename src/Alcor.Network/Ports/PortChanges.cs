using System.Collections.Immutable;
using Alcor.Kernel.Resources;
using Alcor.Network.Logs;
using Alcor.Network.MacRanges;
using Alcor.Network.Nodes;
using Alcor.Network.SecurityGroups;
using Alcor.Network.Subnets;

namespace Alcor.Network.Ports;

/// <summary>
/// What follows from a change of a port: its generation, its status, its binding on the host, its addresses in its
/// security groups. Whatever makes, changes or deletes a port does it here.
/// </summary>
internal static class PortChanges
{
    /// <summary>
    /// The port with the tunnel address of the host that it names, if that host is known and can carry the network.
    /// </summary>
    public static Port BoundBy(this Port port, Networks.Network network, DecideContext context)
    {
        var host = port.HostId.Length == 0 ? null : context.Read(Node.Type, port.HostId)?.Value;
        var address = host is not null && IsCarried(port, network, host, context) ? host.TunnelAddress : null;
        return Equals(address, port.TunnelAddress) ? port : port with { TunnelAddress = address };
    }

    /// <summary>Hosts carry one segment of a network: of a routed one, the subnets of that segment alone.</summary>
    private static bool IsCarried(Port port, Networks.Network network, Node host, DecideContext context) =>
        network.IsCarriedBy(host)
        && !port.AwaitsAddresses
        && (!network.HasSegmentedSubnets
            || port.FixedIps.All(ip => context.Read(Subnet.Type, ip.SubnetId)?.Value.SegmentId is not { } segment
                || segment == network.CarriedSegment?.Id));

    public static Port With(this Port port, PortSecurity security) => port with
    {
        IsUnprotected = !security.IsProtected,
        AddressPairs = security.Pairs.OrAbsent(),
        SecurityGroups = security.Groups.OrAbsent(),
    };

    /// <summary>
    /// What <see cref="BoundBy"/> found of a host must still be so at the commit: a host that becomes known, or moves,
    /// looks for the ports that name it, and would not find this one yet.
    /// </summary>
    public static Decision RestsOnHost(this Decision decision, string host, DecideContext context) =>
        host.Length == 0 ? decision : decision.RestsOn(Node.Type, host, context.Read(Node.Type, host));

    /// <summary>
    /// Its range must still be what it was when the address was chosen: it may have become smaller, or inactive.
    /// </summary>
    public static Decision RestsOnMacRange(this Decision decision, Port port, DecideContext context) =>
        port.MacRangeId is { } id
            ? decision.RestsOn(MacRange.Type, id, context.Partition(MacRange.Pool).Find(MacRange.Type, id))
            : decision;

    public static Decision CreatePort(this Decision decision, Port port)
    {
        var status = StatusAfterChange(port);
        decision.Create(Port.Type, port.Status == status ? port : port with { Status = status }).AndAnswer();
        return decision.FollowPort(null, port);
    }

    public static Decision UpdatePort(this Decision decision, Port port, Stamped<Port> earlier) =>
        decision.ChangePort(port, earlier, isAnswer: true);

    /// <summary>Changes a port along with something else, which is what was asked for.</summary>
    public static Decision ChangePort(
        this Decision decision, Port port, Stamped<Port> earlier, bool isAnswer = false)
    {
        var before = earlier.Value;
        var changed = !SameForHosts(port, before);
        var after = changed
            ? port with { Generation = before.Generation + 1, Status = StatusAfterChange(port) }
            : port;
        decision.Update(Port.Type, after, earlier);
        if (isAnswer)
            decision.AndAnswer();
        return changed ? decision.FollowPort(before, after) : decision.FollowBindings(before, after, isSame: true);
    }

    public static Decision DeletePort(this Decision decision, Stamped<Port> earlier) =>
        decision.Delete(Port.Type, earlier).AndAnswer().FollowPort(earlier.Value, null);

    /// <summary>Creates a port that nobody asked for: it comes along with something else.</summary>
    public static Decision CreateOwn(this Decision decision, Port port, DecideContext context) =>
        decision.CreateExempt(Port.Type, port).RestsOnMacRange(port, context).FollowPort(null, port);

    /// <summary>Deletes a port that nobody asked to delete: it goes along with something else.</summary>
    public static Decision DeleteOwn(this Decision decision, Stamped<Port> earlier, DecideContext context) =>
        decision
            .Delete(Port.Type, earlier)
            .DeleteLogsOf(Port.Type.Key(earlier.Value.Id), context)
            .FollowPort(earlier.Value, null);

    /// <summary>Writes anew what follows from a port, of which it is not known whether it does.</summary>
    public static Decision FollowAgain(this Decision decision, Stamped<Port> port) =>
        decision.RestsOn(Port.Type, port.Value.Id, port).FollowPort(null, port.Value);

    /// <summary>
    /// Writes what follows from a port where others look for it: its binding, in the partition of its host, and its
    /// addresses, in those of its security groups.
    /// </summary>
    /// <param name="before">Null: there was no such port.</param>
    /// <param name="after">Null: there is none any more.</param>
    private static Decision FollowPort(this Decision decision, Port? before, Port? after)
    {
        decision.FollowBindings(before, after, isSame: false);
        var (was, now) = (MembershipsOf(before), MembershipsOf(after));
        foreach (var member in was.Where(member => !IsIn(now, member.GroupId)))
            decision.Unfollow(SecurityGroupMember.Type, member);
        var isElsewhere = before is null || after is null || !SecurityGroupMember.HaveSameAddresses(before, after);
        foreach (var member in now.Where(member => isElsewhere || !IsIn(was, member.GroupId)))
            decision.Follow(SecurityGroupMember.Type, member);
        return decision;
    }

    /// <param name="isSame">What hosts must know of the port has not changed: only where it could move to.</param>
    private static Decision FollowBindings(this Decision decision, Port? before, Port? after, bool isSame)
    {
        var was = before is null ? [] : Binding.AllOf(before);
        var now = after is null ? [] : Binding.AllOf(after);
        foreach (var gone in was.Where(binding => !IsOn(now, binding.HostId)))
            decision.Unfollow(Binding.Type, gone);
        foreach (var there in now.Where(binding => !isSame || !IsOn(was, binding.HostId)))
            decision.Follow(Binding.Type, there);
        return decision;
    }

    private static bool IsOn(ImmutableArray<Binding> bindings, string host) =>
        bindings.Any(binding => binding.HostId == host);

    private static ImmutableArray<SecurityGroupMember> MembershipsOf(Port? port) =>
        port is null ? [] : SecurityGroupMember.AllOf(port);

    private static bool IsIn(ImmutableArray<SecurityGroupMember> members, string groupId) =>
        members.Any(member => member.GroupId == groupId);

    private static string StatusAfterChange(Port port) => port switch
    {
        { IsBound: false } or { AdminStateUp: false } => PortStatus.Down,
        _ => PortStatus.Build,
    };

    private static bool SameForHosts(Port left, Port right) =>
        left.HostId == right.HostId
        && Equals(left.TunnelAddress, right.TunnelAddress)
        && left.AdminStateUp == right.AdminStateUp
        && left.MacAddress == right.MacAddress
        && left.FixedIps.SequenceEqual(right.FixedIps)
        && left.IsUnprotected == right.IsUnprotected
        && left.SecurityGroups.OrEmpty().SequenceEqual(right.SecurityGroups.OrEmpty())
        && left.AddressPairs.OrEmpty().SequenceEqual(right.AddressPairs.OrEmpty())
        && left.DhcpOptions.OrEmpty().SequenceEqual(right.DhcpOptions.OrEmpty())
        && left.Dns == right.Dns
        && left.HostQosPolicyId == right.HostQosPolicyId
        && left.Carriage == right.Carriage;
}
