using Alcor.Kernel;
using Alcor.Kernel.Lanes;
using Alcor.Kernel.Resources;
using Alcor.Policy;
using Alcor.Server.Api.Access;

namespace Alcor.Server.Api;

/// <summary>
/// Create, list, show, update, delete and member actions, the same for every resource type. Each answers the request,
/// or returns the error to answer it with.
/// </summary>
internal sealed class CollectionEndpoints(ApiCollection collection, ApiServices services)
{
    private readonly IResourceType type = collection.Type;
    private readonly CollectionAccess access = new(collection, services);

    /// <summary>Reads what requests say of resources of the collection.</summary>
    public BodyReader Reader => new(collection, access.Ruled);

    public async Task<ApiError?> CreateAsync(ApiCall call) =>
        await CreateAsync(call, await RequestBody.ReadAsync(call.Http, Reader.ReadCreate));

    /// <summary>Creates what was read of a request, in whatever form it came.</summary>
    public async Task<ApiError?> CreateAsync(ApiCall call, Result<CreateBody> body)
    {
        if (call.Caller.ProjectId.Length > ServerLimits.ProjectIdCharactersMax)
        {
            return ApiError.InvalidInput(
                "X-Project-Id", $"it exceeds {ServerLimits.ProjectIdCharactersMax} characters");
        }
        if (body.Error is { } unread)
            return unread;
        var items = new NewResource[body.Value.Items.Count];
        for (var i = 0; i < items.Length; i++)
        {
            var item = body.Value.Items[i];
            items[i] = new NewResource(
                services.NewId(),
                item.ProjectId ?? call.Caller.ProjectId,
                await CompleteAsync(item.Body, call),
                services.Entropy())
            {
                Caller = call.Caller,
            };
        }
        if (await access.RefuseCreateAsync(call, items, body.Value) is { } forbidden)
            return forbidden;
        if (await MissingParentAsync(call) is { } orphan)
            return orphan;
        var outcome = await services.Lanes.ExecuteAsync(Writable().Create(items));
        if (outcome.Error is { } refused)
            return refused;
        await WriteAsync(call, StatusCodes.Status201Created, outcome.Value.Answer, body.Value.IsBulk);
        return null;
    }

    public async Task<ApiError?> ShowAsync(ApiCall call)
    {
        var found = await FindAsync(call);
        if (found.Error is { } missing)
            return missing;
        if (!await access.ShowsAsync(call, found.Value, []))
            return PolicyErrors.Hidden;
        await WriteOneAsync(call, found.Value);
        return null;
    }

    public async Task<ApiError?> UpdateAsync(ApiCall call)
    {
        var body = await RequestBody.ReadAsync(call.Http, Reader.ReadUpdate);
        var outcome = await ChangeAsync(
            call,
            body,
            Writable().Update,
            current => access.RefuseUpdateAsync(call, current, body.Value.Body, body.Value.Ruled));
        if (outcome.Error is { } refused)
            return refused;
        // A command that found nothing to change has no answer: the resource is as it was, or as another left it.
        var shown = outcome.Value.Answer is [var answer, ..] ? answer : await FindAsync(call);
        if (shown.Error is { } missing)
            return missing;
        await WriteOneAsync(call, shown.Value);
        return null;
    }

    public async Task<ApiError?> DeleteAsync(ApiCall call)
    {
        if (call.Http.Request.ContentLength > 0)
            return ApiError.BadRequest("Request body is not supported in DELETE.");
        var outcome = await ChangeAsync(
            call,
            ItemBody.None,
            Writable().Delete,
            current => access.RefuseDeleteAsync(call, current));
        if (outcome.Error is { } refused)
            return refused;
        call.Http.Response.StatusCode = StatusCodes.Status204NoContent;
        return null;
    }

    public async Task<ApiError?> ActAsync(ApiCall call, MemberAction action)
    {
        var outcome = await (action.Command is null ? LookAsync(call, action) : ChangeByAsync(call, action));
        if (outcome.Error is { } refused)
            return refused;
        var shown = outcome.Value.Answer is [var answer, ..] ? answer : await FindAsync(call);
        if (shown.Error is { } missing)
            return missing;
        var seen = access.SeenBy(call.Caller, [.. action.Answer.Attributes.Select(a => new ApiAttribute(a))]);
        var attributes = await access.VisibleAsync(call, seen, shown.Value, []);
        var whole = await services.EmbedAsync(type, attributes, shown.Value, call.Aborted);
        await ApiResponse.WriteAsync(call.Http, StatusCodes.Status200OK, json =>
        {
            if (action.Answer.Envelope is { } envelope)
            {
                json.WriteStartObject();
                json.WritePropertyName(envelope);
            }
            if (action.Answer.IsList)
                ResourceJson.WriteList(json, attributes, outcome.Value.Answer);
            else
                ResourceJson.Write(json, attributes, whole);
            if (action.Answer.Envelope is not null)
                json.WriteEndObject();
        });
        return null;
    }

    public async Task<ApiError?> ListAsync(ApiCall call)
    {
        var http = call.Http;
        var parsed = ListRequest.Parse(collection, http.Request.Query);
        if (parsed.Error is { } error)
            return error;
        if (await MissingParentAsync(call) is { } orphan)
            return orphan;
        var request = parsed.Value with { VisibleTo = access.RowsOf(call.Caller) };
        if (collection.IsNested)
            request = request.Within(collection.ParentAttribute!, call.Ids[0]);
        if (collection.BeforeList is { } before)
            await before(services, call, request);
        var listing = new Listing(
            services.Store, services.Decoded, collection, request, collection.Source?.ListAsync(call))
        {
            WithShown = request.LooksAtShown(type) ? WithShownAsync : null,
        };
        Stamped<object>? marker = null;
        if (request.Paging.Marker is { } id)
        {
            // It is a place in the order: a page may be followed by another caller, who sees less of it.
            if (await ReadAsync(call, id) is not { } place)
                return collection.NotFound(id);
            marker = listing.WithShown is { } withShown ? await withShown(place, call.Aborted) : place;
        }
        using var response = new ApiResponse(http, StatusCodes.Status200OK);
        var json = response.Json;
        json.WriteStartObject();
        json.WriteStartArray(collection.Names.Plural);
        string? first = null, last = null;
        var count = 0;
        var seen = access.SeenBy(call.Caller, request.Fields);
        var parents = new Dictionary<string, Stamped<object>?>();
        await foreach (var resource in listing.RunAsync(marker, call.Aborted))
        {
            last = type.KeyOf(resource.Value).Id;
            first ??= last;
            count++;
            if (!await access.ShowsAsync(call, resource, parents))
                continue;
            await WriteRowAsync(response, call, seen, resource, parents);
        }
        json.WriteEndArray();
        if (request.Paging.Limit is { } limit)
        {
            var isFull = count >= limit;
            PageLinks.Write(
                json,
                http.Request,
                $"{collection.Names.Plural}_links",
                isFull || request.Paging.IsReversed ? new PageLink(last) : null,
                isFull || !request.Paging.IsReversed ? new PageLink(first) : null);
        }
        json.WriteEndObject();
        await response.CompleteAsync(call.Aborted);
        return null;
    }

    private async Task<Result<Outcome>> ChangeByAsync(ApiCall call, MemberAction action)
    {
        var body = action.Attributes.IsEmpty
            ? ItemBody.None
            : await RequestBody.ReadAsync(call.Http, root => BodyReader.ReadAction(action, root));
        return await ChangeAsync(
            call, body, action.Command!, current => access.RefuseActionAsync(call, current, action));
    }

    private async Task<Result<Outcome>> LookAsync(ApiCall call, MemberAction action)
    {
        var current = await FindAsync(call);
        if (current.Error is { } missing)
            return missing;
        return await access.RefuseActionAsync(call, current.Value, action) is { } forbidden
            ? forbidden
            : new Outcome([current.Value], []);
    }

    /// <summary>Reads what is there, and has a command made of it executed.</summary>
    private async Task<Result<Outcome>> ChangeAsync(
        ApiCall call,
        Result<ItemBody> body,
        Func<Stamped<object>, ChangeRequest, ICommand> command,
        Func<Stamped<object>, ValueTask<ApiError?>> refuse)
    {
        var ifRevision = IfMatch.Read(call.Http.Request);
        if (ifRevision.Error is { } unmatched)
            return unmatched;
        if (body.Error is { } unread)
            return unread;
        var current = await FindAsync(call);
        if (current.Error is { } missing)
            return missing;
        if (await refuse(current.Value) is { } forbidden)
            return forbidden;
        var change = new ChangeRequest(
            call.Caller, body.Value.Body, ifRevision.Value, services.NewId(), services.Entropy());
        return await services.Lanes.ExecuteAsync(command(current.Value, change));
    }

    private ValueTask<Result<Stamped<object>>> FindAsync(ApiCall call) => FindAsync(call, call.Ids[^1]);

    private async ValueTask<Result<Stamped<object>>> FindAsync(ApiCall call, string id)
    {
        if (await MissingParentAsync(call) is { } orphan)
            return orphan;
        return await ReadAsync(call, id) is { } resource && access.HasRow(call.Caller, resource)
            ? resource
            : collection.NotFound(id);
    }

    /// <summary>The resource, whoever asks; not one that is part of another parent than that of the path.</summary>
    private async ValueTask<Stamped<object>?> ReadAsync(ApiCall call, string id)
    {
        var found = collection.Source is { } source
            ? await source.FindAsync(call, id)
            : await services.FindAsync(type, id, call.Aborted);
        return found is { } resource && collection.IsNested && ParentOf(resource) != call.Ids[0] ? null : found;
    }

    private ValueTask<Stamped<object>> WithShownAsync(Stamped<object> resource, CancellationToken cancellationToken) =>
        services.EmbedAsync(type, collection.Attributes, resource, cancellationToken);

    private string ParentOf(Stamped<object> resource) =>
        collection.ParentAttribute!.FilterTexts(resource).FirstOrDefault() ?? "";

    /// <summary>What is below a resource that the caller may not know of is as little there as that.</summary>
    private async ValueTask<ApiError?> MissingParentAsync(ApiCall call)
    {
        if (!collection.IsNested)
            return null;
        var (parent, id) = (collection.Parent!, call.Ids[0]);
        return await services.FindAsync(parent, id, call.Aborted) is { } found
            && (call.Caller.IsAdmin || parent.IsVisible(found.Value, call.Caller.ProjectId))
            ? null
            : parent.Api.NotFound(id);
    }

    private async ValueTask<Body> CompleteAsync(Body body, ApiCall call)
    {
        if (collection.IsNested)
            body = body.With(collection.ParentAttribute!, call.Ids[0]);
        return collection.Complete is { } complete ? await complete(services, call, body) : body;
    }

    private IResourceCommands Writable() =>
        collection.Commands ?? throw new InvariantException($"{type.Collection} are only shown");

    private Task WriteOneAsync(ApiCall call, Stamped<object> resource) =>
        WriteAsync(call, StatusCodes.Status200OK, [resource], isBulk: false);

    private async Task WriteAsync(ApiCall call, int status, IReadOnlyList<Stamped<object>> resources, bool isBulk)
    {
        var http = call.Http;
        var attributes = collection.Attributes;
        if (http.Request.QueryString.HasValue)
            attributes = collection.Project(http.Request.Query["fields"]);
        var seen = access.SeenBy(call.Caller, attributes);
        using var response = new ApiResponse(http, status);
        var json = response.Json;
        json.WriteStartObject();
        json.WritePropertyName(isBulk ? collection.Names.Plural : collection.Names.Singular);
        if (isBulk)
            json.WriteStartArray();
        var parents = new Dictionary<string, Stamped<object>?>();
        foreach (var resource in resources)
            await WriteRowAsync(response, call, seen, resource, parents);
        if (isBulk)
            json.WriteEndArray();
        json.WriteEndObject();
        await response.CompleteAsync(call.Aborted);
    }

    private async ValueTask WriteRowAsync(
        ApiResponse response,
        ApiCall call,
        SeenAttributes seen,
        Stamped<object> resource,
        Dictionary<string, Stamped<object>?> parents)
    {
        var attributes = await access.VisibleAsync(call, seen, resource, parents);
        ResourceJson.Write(
            response.Json, attributes, await services.EmbedAsync(type, attributes, resource, call.Aborted));
        await response.SendIfLargeAsync(call.Aborted);
    }
}
