using System.Collections.Immutable;
using System.Net;
using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;
using Alcor.Network.Nodes;
using Alcor.Network.Subnets;

namespace Alcor.Network.Ports;

/// <summary>What of a port its addresses depend on.</summary>
/// <param name="Host">Empty: not known yet.</param>
internal sealed record Addressee(string NetworkId, MacAddress Mac, string DeviceOwner, string Host)
{
    /// <summary>What the port has already; these addresses are free for it, and kept where they fit.</summary>
    public ImmutableArray<FixedIp> Earlier { get; init; } = [];

    /// <summary>The physical networks of the host.</summary>
    public ImmutableArray<string> PhysicalNetworks { get; init; } = [];

    public static Addressee Of(Port port, DecideContext context) =>
        new Addressee(port.NetworkId, port.MacAddress, port.DeviceOwner, port.HostId) { Earlier = port.FixedIps }
            .On(context);

    /// <summary>With what is known of its host.</summary>
    public Addressee On(DecideContext context) => Host.Length == 0 ? this : this with
    {
        PhysicalNetworks = context.Read(Node.Type, Host)?.Value.PhysicalNetworks.OrEmpty() ?? [],
    };
}

/// <param name="IsDeferred">There are none yet: they depend on the host.</param>
internal readonly record struct Addressing(ImmutableArray<FixedIp> FixedIps, bool IsDeferred = false);

/// <summary>
/// Chooses the addresses of one port on a snapshot of its network: first free within the allocation pools, or exactly
/// what was asked for; and, in each subnet whose ports make their addresses themselves, the one that the port makes.
/// </summary>
/// <remarks>
/// Segments: the addresses of a port are all on one segment, and wait for the host where all subnets are on segments.
/// </remarks>
internal sealed class AddressAllocation(Snapshot snapshot, Addressee port)
{
    private readonly CandidateSubnets candidates = CandidateSubnets.Of(snapshot, port);
    private readonly List<FixedIp> chosen = [];

    /// <summary>One address of each version of IP that the network has subnets of.</summary>
    public Result<Addressing> ChooseAny()
    {
        var subnets = candidates.ForAnybody();
        if (subnets.Error is { } none)
            return none;
        if (subnets.Value is not { } usable)
            return new Addressing([], IsDeferred: true);
        return TryAllocate(4, usable) && TryAllocate(6, usable)
            ? WithAutomatic(usable)
            : Errors.IpAddressGenerationFailure(port.NetworkId);
    }

    /// <summary>An error if the addresses that a port has are of no use on its new host.</summary>
    public ApiError? CheckHost(string portId)
    {
        var usable = candidates.OfHost();
        return usable.Error ?? (port.Earlier.All(ip => usable.Value.Any(subnet => subnet.Id == ip.SubnetId))
            ? null
            : Errors.HostNotCompatibleWithFixedIps(port.Host, portId));
    }

    /// <summary>One address for each request, in the order of the requests.</summary>
    public Result<Addressing> Choose(ImmutableArray<FixedIpRequest> requests, DecideContext context)
    {
        var usable = candidates.For(requests);
        if (usable.Error is { } none)
            return none;
        var answers = new FixedIp?[requests.Length];
        // Explicit addresses first, so that an allocation never takes what the same request names.
        foreach (var isExplicit in new[] { true, false })
        {
            for (var i = 0; i < requests.Length; i++)
            {
                if (requests[i].IpAddress is not null != isExplicit)
                    continue;
                var answer = Answer(requests[i], usable.Value, context);
                if (answer.Error is { } error)
                    return error;
                answers[i] = answer.Value;
                if (answer.Value is { } fixedIp)
                    chosen.Add(fixedIp);
            }
        }
        chosen.Clear();
        chosen.AddRange(answers.Where(ip => ip is not null).Select(ip => ip!.Value));
        return WithAutomatic(usable.Value);
    }

    /// <returns>Null for an address that the port makes itself: it is added anyway.</returns>
    private Result<FixedIp?> Answer(FixedIpRequest request, ImmutableArray<Subnet> usable, DecideContext context)
    {
        var found = candidates.Find(request, usable, context);
        if (found.Error is { } error)
            return error;
        var subnet = found.Value;
        var makesItself = subnet.IsAutoAddress && !DeviceOwner.IsRouterInterface(port.DeviceOwner);
        if (request.IpAddress is not { } address)
            return makesItself ? (FixedIp?)null : Allocate(subnet);
        var wanted = new FixedIp(subnet.Id, address);
        if (port.Earlier.Contains(wanted))
            return makesItself ? (FixedIp?)null : wanted;
        if (makesItself)
            return Errors.AllocationOnAutoAddressSubnet(address, subnet.Id);
        return IsTaken(wanted) ? Errors.IpAddressAlreadyAllocated(address, subnet.Id) : (FixedIp?)wanted;
    }

    private Result<FixedIp?> Allocate(Subnet subnet)
    {
        foreach (var kept in port.Earlier.Where(ip => ip.SubnetId == subnet.Id && !chosen.Contains(ip)))
            return (FixedIp?)kept;
        return FirstFree(subnet) is { } address
            ? (FixedIp?)new FixedIp(subnet.Id, address)
            : Errors.IpAddressGenerationFailure(port.NetworkId);
    }

    /// <summary>Chooses an address of the first subnet of a version that has one left.</summary>
    /// <returns>False when there are such subnets and all are full.</returns>
    private bool TryAllocate(int version, ImmutableArray<Subnet> subnets)
    {
        var isFull = false;
        foreach (var subnet in subnets)
        {
            if (subnet.IpVersion != version || subnet.IsAutoAddress)
                continue;
            isFull = true;
            if (FirstFree(subnet) is not { } address)
                continue;
            chosen.Add(new FixedIp(subnet.Id, address));
            return true;
        }
        return !isFull;
    }

    private IPAddress? FirstFree(Subnet subnet)
    {
        var taken = snapshot.Claimed(Subnet.Space(subnet.Id));
        foreach (var ip in chosen)
        {
            if (ip.SubnetId == subnet.Id)
                taken = taken.Add(ip.IpAddress.ToNumber());
        }
        return subnet.FirstFree(taken);
    }

    private Result<Addressing> WithAutomatic(ImmutableArray<Subnet> usable)
    {
        if (DeviceOwner.IsRouterInterface(port.DeviceOwner))
            return new Addressing([.. chosen]);
        foreach (var subnet in usable)
        {
            if (!subnet.IsAutoAddress)
                continue;
            var made = new FixedIp(subnet.Id, subnet.Cidr.InterfaceAddress(port.Mac));
            if (IsTaken(made) && !port.Earlier.Contains(made))
                return Errors.IpAddressAlreadyAllocated(made.IpAddress, subnet.Id);
            chosen.Add(made);
        }
        return new Addressing([.. chosen]);
    }

    private bool IsTaken(FixedIp ip) => snapshot.Claimed(Subnet.Space(ip.SubnetId)).Contains(ip.IpAddress.ToNumber());
}
