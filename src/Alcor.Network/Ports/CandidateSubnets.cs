using System.Collections.Immutable;
using System.Net;
using Alcor.Kernel.Resources;
using Alcor.Network.Subnets;

namespace Alcor.Network.Ports;

/// <summary>The subnets of a network in which a port may have addresses.</summary>
/// <param name="Served">Those that serve the port's owner, in order of creation, the ones made for it first.</param>
internal sealed record CandidateSubnets(Addressee Port, Networks.Network Network, ImmutableArray<Subnet> Served)
{
    public static CandidateSubnets Of(Snapshot snapshot, Addressee port)
    {
        var network = snapshot.Find(Networks.Network.Type, port.NetworkId)!.Value.Value;
        var ids = network.SubnetIds;
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
        return new CandidateSubnets(port, network, served.ToImmutable());
    }

    /// <summary>Those in which an address may be allocated that nobody asked for.</summary>
    /// <returns>Null: it depends on the host.</returns>
    public Result<ImmutableArray<Subnet>?> ForAnybody()
    {
        if (Port.Host.Length > 0)
            return OfHost() is { Error: { } unreachable } ? unreachable : OfHost().Value;
        if (Served.IsEmpty)
            return Network.SubnetIds.IsEmpty ? (ImmutableArray<Subnet>?)[] : NoneServes();
        var everywhere = OnSegment(null);
        return everywhere.IsEmpty ? (ImmutableArray<Subnet>?)null : everywhere;
    }

    /// <summary>Those on the segment that the host reaches, and those that are everywhere.</summary>
    public Result<ImmutableArray<Subnet>> OfHost()
    {
        var reached = Network.HasSegmentedSubnets ? Served.RemoveAll(subnet => !Reaches(subnet)) : Served;
        if (reached.IsEmpty)
        {
            return Network.HasSegmentedSubnets ? Errors.HostNotConnectedToAnySegment(Port.Host, Port.NetworkId)
                : Network.SubnetIds.IsEmpty ? reached
                : NoneServes();
        }
        return reached.Select(subnet => subnet.SegmentId).OfType<string>().Distinct().Count() > 1
            ? Errors.HostConnectedToMultipleSegments(Port.Host, Port.NetworkId)
            : reached;
    }

    /// <summary>Those on the segment of what is asked for, or of the host.</summary>
    public Result<ImmutableArray<Subnet>> For(ImmutableArray<FixedIpRequest> requests)
    {
        if (Port.Host.Length > 0)
            return OfHost();
        if (Served.IsEmpty)
            return Network.SubnetIds.IsEmpty ? Served : NoneServes();
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

    /// <summary>Tunnels reach every host.</summary>
    private bool Reaches(Subnet subnet) =>
        subnet.SegmentId is not { } id
        || Network.Segments.FirstOrDefault(segment => segment.Id == id)?.PhysicalNetwork is not { } physical
        || Port.PhysicalNetworks.Contains(physical);

    private static bool Serves(Subnet subnet, string owner) =>
        subnet.ServiceTypes.Contains(owner) || (owner == DeviceOwner.Dhcp && subnet.EnableDhcp);

    private ApiError NoneServes() =>
        Errors.IpAddressGenerationFailureNoMatchingSubnet(Port.NetworkId, Port.DeviceOwner);
}
