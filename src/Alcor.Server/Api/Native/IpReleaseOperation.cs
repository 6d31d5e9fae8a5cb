using System.Collections.Immutable;
using Alcor.Kernel.Resources;
using Alcor.Network.IpAllocations;
using static Alcor.Server.Api.OpenApi.DocumentParts;

namespace Alcor.Server.Api.Native;

/// <summary>Releases several addresses at once, all of them or none.</summary>
internal sealed class IpReleaseOperation(ApiServices services)
{
    private static readonly Attribute<IpAllocation, ImmutableArray<string>> Ids =
        new(
            "ids",
            Schemas.ListOf(Schemas.Text(255), Kernel.Limits.BulkMax),
            "The ids of reserved addresses, as they were shown: an address and its subnet with @ between them.")
        {
            Read = _ => [],
            InCreate = Presence.Required,
        };

    private static readonly MemberAction Body =
        new("release", "Releases addresses.", Command: null, new ActionAnswer(null, [])) { Attributes = [Ids] };

    private readonly IpAllocationRows rows = new(services);

    public ApiOperation Release => new(
        "POST",
        "/v1/ip-allocations/release",
        "ip_allocation",
        "release_ip_allocations",
        "Release reserved addresses, all of them or none: ports may have them again")
    {
        Rule = $"delete_{IpAllocation.Type.Api.Policy}",
        Handler = ReleaseAsync,
        Status = StatusCodes.Status204NoContent,
        Request = () => Properties([Ids]),
        Errors = ["400", "401", "403", "404", "409", "413", "503"],
    };

    private async Task<ApiError?> ReleaseAsync(ApiCall call)
    {
        var body = await RequestBody.ReadAsync(call.Http, root => BodyReader.ReadAction(Body, root));
        if (body.Error is { } unread)
            return unread;
        var ids = body.Value.Body.Get(Ids);
        if (ids.IsEmpty)
            return ApiError.InvalidInput(Ids.Name, "it is empty");
        var named = new Dictionary<string, IpAllocation>();
        foreach (var id in ids)
        {
            if (await rows.FindAsync(call, id) is not { } found)
                return IpAllocation.Type.Api.NotFound(id);
            var allocation = (IpAllocation)found.Value;
            named[allocation.Id] = allocation;
        }
        var outcome = await services.Lanes.ExecuteAsync(new ReleaseAddresses([.. named.Values]));
        if (outcome.Error is { } refused)
            return refused;
        call.Http.Response.StatusCode = StatusCodes.Status204NoContent;
        return null;
    }
}
