using System.Collections.Immutable;
using System.Net;
using Alcor.Kernel.Resources;
using Alcor.Network.Subnets;

namespace Alcor.Network.Ports;

/// <summary>The subnets of a network in which a port may have addresses.</summary>
/// <param name="IsEmptyNetwork">The network has no subnets at all.</param>
/// <param name="Served">Those that serve the port's owner, in order of creation, the ones made for it first.</param>
internal sealed record CandidateSubnets(Addressee Port, bool IsEmptyNetwork, ImmutableArray<Subnet> Served)
{
    public static CandidateSubnets Of(Snapshot snapshot, Addressee port)
    {
        var ids = snapshot.Find(Networks.Network.Type, port.NetworkId)!.Value.Value.SubnetIds;
        var served = ImmutableArray.CreateBuilder<Subnet>(ids.Length);
        var ownersFirst = 0;
        foreach (var id in ids)
        {
            var subnet = snapshot.Find(Subnet.Type, id)!.Value.Value;
            if (subnet.ServiceTypes.IsEmpty)
                served.Add(subnet);
            else if (Serves(subnet, port.DeviceOwner))
                served.Insert(ownersFirst++, subnet);
        }
        return new CandidateSubnets(port, ids.IsEmpty, served.ToImmutable());
    }

    /// <summary>Those in which an address may be allocated that nobody asked for.</summary>
    /// <returns>Null: it depends on the host.</returns>
    public Result<ImmutableArray<Subnet>?> ForAnybody()
    {
        if (Served.IsEmpty)
            return IsEmptyNetwork ? (ImmutableArray<Subnet>?)[] : NoneServes();
        if (Port.Host.Length > 0)
            return (ImmutableArray<Subnet>?)OnSegment(Served[0].SegmentId);
        var everywhere = OnSegment(null);
        return everywhere.IsEmpty ? (ImmutableArray<Subnet>?)null : everywhere;
    }

    /// <summary>Those on the segment of what is asked for.</summary>
    public Result<ImmutableArray<Subnet>> For(ImmutableArray<FixedIpRequest> requests)
    {
        if (Served.IsEmpty)
            return IsEmptyNetwork ? Served : NoneServes();
        string? segment = null;
        for (var i = 0; i < requests.Length; i++)
        {
            // What is not there is found again, and refused, when it is looked at by itself.
            if (Match(requests[i]) is not { } subnet)
                return Served;
            if (i > 0 && subnet.SegmentId != segment)
                return Errors.FixedIpsSubnetsNotOnSameSegment();
            segment = subnet.SegmentId;
        }
        return OnSegment(segment);
    }

    /// <summary>The subnet that a request speaks of.</summary>
    public Result<Subnet> Find(FixedIpRequest request, ImmutableArray<Subnet> usable, DecideContext context)
    {
        if (usable.IsEmpty)
            return Errors.InvalidInput("IP allocation requires subnets for network");
        if (request is (null, null))
            return Errors.InvalidInput("IP allocation requires subnet_id or ip_address");
        if (request.SubnetId is null)
        {
            return usable.FirstOrDefault(subnet => Takes(subnet, request.IpAddress!)) is { } around
                ? around
                : Errors.InvalidIpForNetwork(request.IpAddress!);
        }
        if (usable.FirstOrDefault(subnet => subnet.Id == request.SubnetId) is { } named)
        {
            return request.IpAddress is { } address && !Takes(named, address)
                ? Errors.InvalidIpForSubnet(address)
                : named;
        }
        return context.Read(Subnet.Type, request.SubnetId) is null
            ? Subnet.Type.Api.NotFound(request.SubnetId)
            : Errors.InvalidInput(
                $"Failed to create port on network {Port.NetworkId}, because fixed_ips included invalid subnet "
                + request.SubnetId);
    }

    /// <summary>The first address of an IPv6 subnet is the routers' (RFC 4291 section 2.6.1).</summary>
    private bool Takes(Subnet subnet, IPAddress address)
    {
        if (subnet.IpVersion == 4)
            return SubnetPlan.IsUsable(subnet.Cidr, address);
        return subnet.Cidr.Contains(address)
            && (Port.DeviceOwner.Length == 0 || DeviceOwner.IsRouter(Port.DeviceOwner)
                || !address.Equals(subnet.Cidr.BaseAddress));
    }

    private Subnet? Match(FixedIpRequest request) => Served.FirstOrDefault(subnet => request.SubnetId is { } id
        ? subnet.Id == id
        : request.IpAddress is { } address && subnet.Cidr.Contains(address));

    private ImmutableArray<Subnet> OnSegment(string? segment) =>
        Served.All(subnet => subnet.SegmentId == segment)
            ? Served
            : Served.RemoveAll(subnet => subnet.SegmentId != segment);

    private static bool Serves(Subnet subnet, string owner) =>
        subnet.ServiceTypes.Contains(owner) || (owner == DeviceOwner.Dhcp && subnet.EnableDhcp);

    private ApiError NoneServes() =>
        Errors.IpAddressGenerationFailureNoMatchingSubnet(Port.NetworkId, Port.DeviceOwner);
}
