using System.Collections.Immutable;
using Alcor.Kernel.Resources;
using Alcor.Network.SecurityGroups;
using Alcor.Network.Sharing;

namespace Alcor.Network.Ports;

/// <summary>
/// What a port may send and receive: whether it is protected at all, the addresses that it is allowed besides its own,
/// and the groups whose rules it follows.
/// </summary>
internal sealed record PortSecurity(
    bool IsProtected, ImmutableArray<AddressPair> Pairs, ImmutableArray<string> Groups)
{
    /// <summary>For a new port.</summary>
    public static Result<PortSecurity> OfNew(
        NewResource item, Networks.Network network, Alcor.Kernel.Addresses.MacAddress mac, NetworkSettings settings)
    {
        var body = item.Body;
        var isTrusted = DeviceOwner.IsTrusted(body.Get(PortAttributes.DeviceOwner));
        var isProtected = !isTrusted && (body.Has(PortAttributes.PortSecurityEnabled)
            ? body.Get(PortAttributes.PortSecurityEnabled)
            : network.PortSecurityEnabled);
        var pairs = AddressPairs.Complete(body.Get(PortAttributes.AllowedAddressPairs), mac, settings);
        if (pairs.Error is { } wrong)
            return wrong;
        var groups = body.Get(PortAttributes.SecurityGroups);
        if (!isProtected && !pairs.Value.IsEmpty)
            return Errors.AddressPairAndPortSecurityRequired();
        if (!isProtected && !groups.IsEmpty)
            return Errors.PortSecurityAndIpRequiredForSecurityGroups();
        return new PortSecurity(isProtected, pairs.Value, NeedsDefaultGroup(item, isProtected)
            ? [DefaultSecurityGroup.IdOf(item.ProjectId)]
            : groups);
    }

    /// <summary>For a port that changes.</summary>
    public static Result<PortSecurity> OfChanged(Port port, Body body, NetworkSettings settings)
    {
        var isProtected = body.Get(PortAttributes.PortSecurityEnabled, !port.IsUnprotected);
        var (pairs, groups) = (port.AddressPairs.OrEmpty(), port.SecurityGroups.OrEmpty());
        if (body.Has(PortAttributes.AllowedAddressPairs))
        {
            var named = AddressPairs.Complete(
                body.Get(PortAttributes.AllowedAddressPairs), port.MacAddress, settings);
            if (named.Error is { } wrong)
                return wrong;
            pairs = named.Value;
        }
        if (body.Has(PortAttributes.SecurityGroups))
            groups = body.Get(PortAttributes.SecurityGroups);
        if (isProtected)
            return new PortSecurity(true, pairs, groups);
        if (!pairs.IsEmpty)
            return Errors.AddressPairAndPortSecurityRequired();
        if (groups.IsEmpty)
            return new PortSecurity(false, [], []);
        return body.Has(PortAttributes.SecurityGroups)
            ? Errors.PortSecurityAndIpRequiredForSecurityGroups()
            : Errors.PortSecurityPortHasSecurityGroup();
    }

    /// <summary>
    /// Whether a new port gets the default group of its project: it names none, not even an empty list.
    /// </summary>
    public static bool NeedsDefaultGroup(NewResource item, bool isProtected) =>
        isProtected && item.ProjectId.Length > 0 && !item.Body.Has(PortAttributes.SecurityGroups);

    /// <summary>
    /// Groups that are not there, or not for the caller, or, for a new port, not for its project.
    /// </summary>
    /// <param name="project">The project of a new port; null: the port is there already.</param>
    public static ApiError? FindUnusable(
        ImmutableArray<string> groups, Caller caller, string? project, DecideContext context)
    {
        List<string>? missing = null;
        var (stateful, stateless) = (0, 0);
        foreach (var id in groups)
        {
            var group = context.Read(SecurityGroup.Type, id)?.Value;
            if (group is null || !MayUse(group, caller, project))
                (missing ??= []).Add(id);
            else if (group.Stateful)
                stateful++;
            else
                stateless++;
        }
        if (missing is not null)
            return SecurityGroup.Type.Api.NotFound(string.Join(", ", missing));
        return stateful > 0 && stateless > 0 ? SecurityGroupErrors.MixedState : null;
    }

    /// <summary>That groups of one port are all stateful, or none of them, has to hold at the commit too.</summary>
    public static Decision RestsOnGroups(
        Decision decision, ImmutableArray<string> groups, DecideContext context)
    {
        foreach (var id in groups.Length > 1 ? groups : [])
            decision.RestsOn(SecurityGroup.Type, id, context.Read(SecurityGroup.Type, id));
        return decision;
    }

    private static bool MayUse(SecurityGroup group, Caller caller, string? project) =>
        Shares.MayUse(caller, group.ProjectId, group.Shares)
        && (project is null || caller.IsAdmin || group.ProjectId == project
            || Shares.IsSharedWith(project, group.Shares));
}

/// <summary>The rules of allowed_address_pairs.</summary>
internal static class AddressPairs
{
    /// <summary>The pairs of a request, each with a MAC address: the port's where none is named.</summary>
    public static Result<ImmutableArray<AddressPair>> Complete(
        ImmutableArray<AddressPair> pairs, Alcor.Kernel.Addresses.MacAddress mac, NetworkSettings settings)
    {
        if (pairs.IsEmpty)
            return pairs;
        if (pairs.Length > settings.AddressPairsMax)
            return Errors.AllowedAddressPairExhausted(settings.AddressPairsMax);
        var own = mac.ToString();
        var seen = new HashSet<(string?, string)>();
        var complete = ImmutableArray.CreateBuilder<AddressPair>(pairs.Length);
        foreach (var pair in pairs)
        {
            if (pair.IpAddress is null)
                return Errors.AllowedAddressPairsMissingIp();
            var named = pair with { MacAddress = pair.MacAddress ?? own };
            if (!seen.Add((named.MacAddress!.ToUpperInvariant(), pair.IpAddress)))
                return Errors.DuplicateAddressPairInRequest(named.MacAddress, pair.IpAddress);
            complete.Add(named);
        }
        return complete.MoveToImmutable();
    }
}
