using System.Globalization;
using Alcor.Kernel;
using Alcor.Kernel.Lanes;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Microsoft.Extensions.Primitives;

namespace Alcor.Server.Api;

/// <summary>What the endpoints work with.</summary>
/// <param name="Entropy">Random bits for a new resource.</param>
internal sealed record ApiServices(IStore Store, CommandLanes Lanes, TimeProvider Time, Func<ulong> Entropy);

/// <summary>
/// Create, list, show, update and delete, the same for every resource type. Each answers the request, or returns the
/// error to answer it with.
/// </summary>
internal sealed class CollectionEndpoints(ApiCollection collection, ApiServices services)
{
    private readonly IResourceType type = collection.Type;

    public async Task<ApiError?> CreateAsync(HttpContext http)
    {
        var commands = Writable();
        var project = (string?)http.Request.Headers["X-Project-Id"] ?? "";
        if (project.Length > ServerLimits.ProjectIdCharactersMax)
        {
            return ApiError.InvalidInput(
                "X-Project-Id", $"it exceeds {ServerLimits.ProjectIdCharactersMax} characters");
        }
        var body = await RequestBody.ReadAsync(http, root => BodyReader.ReadCreate(collection, root));
        if (body.Error is { } unread)
            return unread;
        var now = services.Time.GetUtcNow();
        var items = new NewResource[body.Value.Items.Count];
        for (var i = 0; i < items.Length; i++)
        {
            var item = body.Value.Items[i];
            items[i] = new NewResource(
                Guid.CreateVersion7(now).ToString(), item.ProjectId ?? project, item.Body, services.Entropy());
        }
        var outcome = await services.Lanes.ExecuteAsync(commands.Create(items));
        if (outcome.Error is { } refused)
            return refused;
        await WriteAsync(http, StatusCodes.Status201Created, outcome.Value.Answer, body.Value.IsBulk);
        return null;
    }

    public async Task<ApiError?> ShowAsync(HttpContext http, string id)
    {
        if (await FindAsync(id, http.RequestAborted) is not { } resource)
            return collection.NotFound(id);
        await WriteOneAsync(http, resource);
        return null;
    }

    public async Task<ApiError?> UpdateAsync(HttpContext http, string id)
    {
        var commands = Writable();
        var ifRevision = ReadIfMatch(http.Request);
        if (ifRevision.Error is { } unmatched)
            return unmatched;
        var body = await RequestBody.ReadAsync(http, root => BodyReader.ReadUpdate(collection, root));
        if (body.Error is { } unread)
            return unread;
        if (await FindAsync(id, http.RequestAborted) is not { } current)
            return collection.NotFound(id);
        var outcome = await services.Lanes.ExecuteAsync(commands.Update(current, body.Value, ifRevision.Value));
        if (outcome.Error is { } refused)
            return refused;
        // A command that found nothing to change has no answer: the resource is as it was, or as another left it.
        var shown = outcome.Value.Answer is [var answer, ..] ? answer : await FindAsync(id, http.RequestAborted);
        if (shown is not { } updated)
            return collection.NotFound(id);
        await WriteOneAsync(http, updated);
        return null;
    }

    public async Task<ApiError?> DeleteAsync(HttpContext http, string id)
    {
        var commands = Writable();
        var ifRevision = ReadIfMatch(http.Request);
        if (ifRevision.Error is { } unmatched)
            return unmatched;
        if (await FindAsync(id, http.RequestAborted) is not { } current)
            return collection.NotFound(id);
        var outcome = await services.Lanes.ExecuteAsync(commands.Delete(current, ifRevision.Value));
        if (outcome.Error is { } refused)
            return refused;
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return null;
    }

    public async Task<ApiError?> ListAsync(HttpContext http)
    {
        var parsed = ListRequest.Parse(collection, http.Request.Query);
        if (parsed.Error is { } error)
            return error;
        var request = parsed.Value;
        Stamped<object>? marker = null;
        if (request.Paging.Marker is { } id && (marker = await FindAsync(id, http.RequestAborted)) is null)
            return collection.NotFound(id);
        var page = new ListPage();
        using var response = new ApiResponse(http, StatusCodes.Status200OK);
        var json = response.Json;
        json.WriteStartObject();
        json.WriteStartArray(type.Collection);
        string? first = null, last = null;
        var listing = new Listing(services.Store, collection, request);
        await foreach (var resource in listing.RunAsync(marker, page, http.RequestAborted))
        {
            last = type.KeyOf(resource.Value).Id;
            first ??= last;
            ResourceJson.Write(json, request.Fields, resource);
            await response.SendIfLargeAsync(http.RequestAborted);
        }
        json.WriteEndArray();
        if (request.Paging.Limit is not null)
            PageLinks.Write(json, http.Request, $"{type.Collection}_links", page.EndsOf(first, last));
        json.WriteEndObject();
        await response.CompleteAsync(http.RequestAborted);
        return null;
    }

    private async ValueTask<Stamped<object>?> FindAsync(string id, CancellationToken cancellationToken) =>
        await services.Store.GetAsync(new ResourceKey(type.Name, id), cancellationToken) is { } stored
            ? new Stamped<object>(type.Decode(stored.Value), stored.Revision)
            : null;

    private IResourceCommands Writable() =>
        collection.Commands ?? throw new InvariantException($"{type.Collection} are only shown");

    private Task WriteOneAsync(HttpContext http, Stamped<object> resource) =>
        WriteAsync(http, StatusCodes.Status200OK, [resource], isBulk: false);

    private async Task WriteAsync(HttpContext http, int status, IReadOnlyList<Stamped<object>> resources, bool isBulk)
    {
        var attributes = collection.Attributes;
        if (http.Request.QueryString.HasValue)
            attributes = collection.Project(http.Request.Query["fields"]);
        using var response = new ApiResponse(http, status);
        var json = response.Json;
        json.WriteStartObject();
        json.WritePropertyName(isBulk ? type.Collection : type.Name);
        if (isBulk)
            json.WriteStartArray();
        foreach (var resource in resources)
        {
            ResourceJson.Write(json, attributes, resource);
            await response.SendIfLargeAsync(http.RequestAborted);
        }
        if (isBulk)
            json.WriteEndArray();
        json.WriteEndObject();
        await response.CompleteAsync(http.RequestAborted);
    }

    /// <summary>
    /// <c>If-Match: revision_number=5</c>, of the extension revision-if-match; null when the header is absent.
    /// </summary>
    private static Result<long?> ReadIfMatch(HttpRequest request)
    {
        const string prefix = "revision_number=";
        var header = request.Headers.IfMatch;
        if (StringValues.IsNullOrEmpty(header))
            return (long?)null;
        var text = header.ToString().Trim().Trim('"');
        if (text.StartsWith(prefix, StringComparison.Ordinal)
            && long.TryParse(text[prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var revision))
        {
            return (long?)revision;
        }
        return ApiError.BadRequest(
            $"Invalid value for If-Match. Reason: '{header}' is not of the form revision_number=N.");
    }
}
