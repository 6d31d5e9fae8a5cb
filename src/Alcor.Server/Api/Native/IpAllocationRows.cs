using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.IpAllocations;
using Alcor.Network.Ports;
using Alcor.Server.Api.Access;
using Microsoft.Extensions.Primitives;

namespace Alcor.Server.Api.Native;

/// <summary>
/// The addresses that somebody has: what is reserved, from the store, and what ports have. A query by subnet, network,
/// address or port reads nothing else.
/// </summary>
internal sealed class IpAllocationRows(ApiServices services) : ICollectionSource
{
    private const string PortAddresses = "fixed_ips.ip_address";

    public async IAsyncEnumerable<Stamped<object>> ListAsync(ApiCall call)
    {
        // Reading all ports is dear: nothing is read for who may not see it.
        if (services.Refuse(call.Caller, $"get_{IpAllocation.Type.Api.Policy}") is not null)
            yield break;
        var asked = call.Http.Request.Query;
        // What is reserved is of no port.
        if (Asks(asked["state"], IpAllocation.Reserved) && asked["port_id"].All(string.IsNullOrEmpty))
        {
            await foreach (var stored in ReadAsync(IpAllocation.Type, "ip_address", call))
                yield return new Stamped<object>(IpAllocation.Type.Decode(stored.Value), stored.Revision);
        }
        if (!Asks(asked["state"], IpAllocation.Allocated))
            yield break;
        await foreach (var stored in ReadAsync(Port.Type, PortAddresses, call))
        {
            foreach (var allocation in IpAllocation.Of(Port.Type.Decode(stored.Value)))
                yield return new Stamped<object>(allocation, stored.Revision);
        }
    }

    public async ValueTask<Stamped<object>?> FindAsync(ApiCall call, string id)
    {
        if (IpAllocation.ReadId(id) is not var (address, subnetId))
            return null;
        if (await services.FindAsync(IpAllocation.Type, IpAllocation.IdOf(address, subnetId), call.Aborted)
            is { } reserved)
            return reserved;
        var query = ListQuery.By(Port.Type.Name, Port.Type.IndexName(PortAddresses), address.ToString());
        foreach (var stored in await services.Store.ListAsync(query, call.Aborted))
        {
            var allocation = IpAllocation.Of(Port.Type.Decode(stored.Value))
                .FirstOrDefault(one => one.SubnetId == subnetId && one.IpAddress.Equals(address));
            if (allocation is not null)
                return new Stamped<object>(allocation, stored.Revision);
        }
        return null;
    }

    private static bool Asks(StringValues states, string state) => states is [] || states.Contains(state);

    /// <summary>A superset of what a query asks for.</summary>
    /// <param name="index">By which the type is listed by addresses.</param>
    private IAsyncEnumerable<StoredResource> ReadAsync(IResourceType type, string index, ApiCall call)
    {
        var asked = call.Http.Request.Query;
        var reader = new ListReader(services.Store, type.Name, ServerLimits.ListReadMax);
        if (type == Port.Type && asked["port_id"] is { Count: > 0 } ports)
            return reader.ReadAsync(ports.OfType<string>().Distinct(), after: null, call.Aborted);
        var sources = Named("ip_address", address => new ListSource(type.Entry(index, address), null))
            ?? Named("subnet_id", subnet => new ListSource(null, new ResourceKey("subnet", subnet)))
            ?? Named("network_id", network => new ListSource(null, new ResourceKey("network", network)))
            ?? [new ListSource(null, null)];
        return reader.ReadAsync(sources, after: null, call.Aborted);

        List<ListSource>? Named(string filter, Func<string, ListSource> source)
        {
            var values = asked[filter].OfType<string>().Distinct().ToList();
            return values.Count == 0 || values.Any(value => value.Length is 0 or > Storage.StoreLimits.KeyCharsMax)
                ? null
                : values.ConvertAll(value => source(value));
        }
    }
}
