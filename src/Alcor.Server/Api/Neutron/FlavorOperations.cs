using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Alcor.Kernel.Resources;
using Alcor.Network;
using Alcor.Network.Flavors;
using static Alcor.Server.Api.OpenApi.DocumentParts;

namespace Alcor.Server.Api.Neutron;

/// <summary>Which service profiles a flavor is made of, and which provider follows from them.</summary>
internal sealed class FlavorOperations(ApiServices services)
{
    private const string Profiles = "/v2.0/flavors/{flavor_id}/service_profiles";
    private const string Envelope = "service_profile";

    public ImmutableArray<ApiOperation> All =>
    [
        new("POST", Profiles, "flavor", "create_flavor_service_profile", "Makes a flavor of a service profile")
        {
            Handler = AddAsync,
            Rule = "create_flavor_service_profile",
            Status = StatusCodes.Status201Created,
            Request = Profile,
            Response = Profile,
            Errors = ["400", "401", "403", "404", "409"],
        },
        new(
            "DELETE",
            $"{Profiles}/{{id}}",
            "flavor",
            "delete_flavor_service_profile",
            "Ends that a flavor is made of a service profile")
        {
            Handler = RemoveAsync,
            Rule = "delete_flavor_service_profile",
            Status = StatusCodes.Status204NoContent,
            Errors = ["401", "403", "404"],
        },
        new(
            "GET",
            "/v2.0/flavors/{flavor_id}/next_providers",
            "flavor",
            "list_flavor_next_providers",
            "Who provides what is created by a flavor")
        {
            Handler = NextAsync,
            Rule = "get_flavor",
            Response = () => Whole(("next_providers", ListOf(Whole(
                ("provider", Text("The name of the provider.")), ("driver", Text("Its driver.")))))),
            Errors = ["401", "403", "404", "503"],
        },
    ];

    private static JsonObject Profile() => Whole((Envelope, Whole(("id", Text("The UUID of the service profile.")))));

    private async Task<ApiError?> AddAsync(ApiCall call)
    {
        var body = await RequestBody.ReadAsync(call.Http, ReadProfile);
        if (body.Error is { } unread)
            return unread;
        var outcome = await services.Lanes.ExecuteAsync(new AddServiceProfile(call.Ids[0], body.Value));
        if (outcome.Error is { } refused)
            return refused;
        await ApiResponse.WriteAsync(call.Http, StatusCodes.Status201Created, json =>
        {
            json.WriteStartObject();
            json.WriteStartObject(Envelope);
            json.WriteString("id", body.Value);
            json.WriteEndObject();
            json.WriteEndObject();
        });
        return null;
    }

    private async Task<ApiError?> RemoveAsync(ApiCall call)
    {
        var outcome = await services.Lanes.ExecuteAsync(new RemoveServiceProfile(call.Ids[0], call.Ids[1]));
        if (outcome.Error is { } refused)
            return refused;
        call.Http.Response.StatusCode = StatusCodes.Status204NoContent;
        return null;
    }

    private async Task<ApiError?> NextAsync(ApiCall call)
    {
        var readings = new Readings();
        while (true)
        {
            var next = RouterProvider.Next(call.Ids[0], new DecideContext(services.Time.GetUtcNow(), readings));
            if (readings.IsComplete)
                return next.Error is { } none ? none : await WriteAsync(call, next.Value);
            call.Aborted.ThrowIfCancellationRequested();
            await readings.ReadAsync(services.Store, NetworkCatalog.Types);
        }
    }

    private static async Task<ApiError?> WriteAsync(ApiCall call, RouterProvider provider)
    {
        await ApiResponse.WriteEnvelopeAsync(call.Http, "next_providers", json =>
        {
            json.WriteStartArray();
            json.WriteStartObject();
            json.WriteString("provider", provider.Name);
            json.WriteString("driver", provider.Driver);
            json.WriteEndObject();
            json.WriteEndArray();
        });
        return null;
    }

    /// <summary><c>{"service_profile": {"id": "…"}}</c>; an owner is accepted and passed over, as of flavors.</summary>
    private static Result<string> ReadProfile(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty(Envelope, out var content)
            || content.ValueKind != JsonValueKind.Object)
            return ApiError.BadRequest($"Unable to find '{Envelope}' in request body");
        foreach (var member in content.EnumerateObject().Where(
            member => member.Name is not ("id" or "tenant_id" or "project_id")))
            return ApiError.BadRequest($"Unrecognized attribute(s) '{member.Name}'");
        if (!content.TryGetProperty("id", out var id))
            return ApiError.BadRequest("Failed to parse request. Required attribute 'id' not specified");
        return Schemas.Uuid.TryRead(id, out var profile, out var reason)
            ? profile
            : ApiError.InvalidInput("id", reason);
    }
}
