"""What may stay in a saved sample: words of the vendors, never of an account. Everything else is replaced."""


def listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Names of fields: Basecamp's documentation of to-dos, comments, projects, people and rich text; Google's discovery
# documents of Drive files and spreadsheets as far as Rekap asks for them.
FIELDS = listed(
    """
    id status visible_to_clients created_at updated_at title inherits_status type url app_url bookmark_url
    subscription_url comments_count comments_url boosts_count boosts_url subtasks_count subtasks_completed_count
    subtasks_url position parent bucket creator description description_attachments content content_attachments
    completed completion starts_on due_on assignees completion_subscribers completion_url steps repetition_schedule
    completion_subscriber_ids assignee_ids name bucket_id attachable_sgid email_address personable_type bio tagline
    location admin owner client employee time_zone avatar_url company can_ping can_manage_projects can_manage_people
    can_access_timesheet can_access_hill_charts out_of_office purpose clients_enabled timesheet_enabled color
    last_needle_color last_needle_position previous_needle_position dock enabled bookmarked client_company
    clientside sgid filename content_type byte_size download_url width height previewable preview_url thumbnail_url
    caption bubble_up_url group_position_url groups_url todos_url todolists_url todolists_count completed_ratio kind
    mimeType trashed explicitlyTrashed parents spaces version webContentLink webViewLink iconLink hasThumbnail
    thumbnailLink thumbnailVersion viewedByMe viewedByMeTime createdTime modifiedTime modifiedByMe modifiedByMeTime
    sharedWithMeTime sharingUser owners teamDriveId driveId lastModifyingUser shared ownedByMe capabilities
    viewersCanCopyContent copyRequiresWriterPermission writersCanShare permissions permissionIds originalFilename
    fullFileExtension fileExtension md5Checksum sha1Checksum sha256Checksum size quotaBytesUsed headRevisionId
    isAppAuthorized starred properties appProperties linkShareMetadata inheritedPermissionsDisabled
    downloadRestrictions resourceKey displayName photoLink me permissionId emailAddress role allowFileDiscovery
    deleted pendingOwner domain canEdit canAddChildren canDownload canShare canRename canTrash canDelete canCopy
    canComment canReadRevisions canListChildren canModifyContent canRemoveChildren
    canChangeCopyRequiresWriterPermission canUntrash canMoveItemWithinDrive canMoveItemOutOfDrive
    canMoveChildrenWithinDrive canReadDrive canTrashChildren canDeleteChildren canModifyLabels canReadLabels
    canAcceptOwnership canAddFolderFromAnotherDrive canAddMyDriveParent canChangeViewersCanCopyContent
    canDisableInheritedPermissions canEnableInheritedPermissions canModifyContentRestriction
    canModifyEditorContentRestriction canModifyOwnerContentRestriction canMoveChildrenOutOfDrive
    canMoveChildrenOutOfTeamDrive canMoveChildrenWithinTeamDrive canMoveItemIntoTeamDrive canMoveItemOutOfTeamDrive
    canMoveItemWithinTeamDrive canMoveTeamDriveItem canReadTeamDrive canRemoveContentRestriction
    canRemoveMyDriveParent canChangeItemDownloadRestriction canChangeSecurityUpdateEnabled canMovePrivilege
    securityUpdateEligible securityUpdateEnabled itemDownloadRestriction effectiveDownloadRestrictionWithContext
    restrictedForReaders restrictedForWriters spreadsheetId locale timeZone sheets sheetId index hidden sheetType
    gridProperties rowCount columnCount merges startRowIndex endRowIndex startColumnIndex endColumnIndex data
    startRow startColumn rowMetadata hiddenByUser hiddenByFilter rowData values effectiveValue formattedValue
    hyperlink effectiveFormat numberFormat pattern textFormat strikethrough stringValue numberValue boolValue
    errorValue message
    """
)

# Values that are one word out of a list of the vendor's, by field.
CHOICES = {
    "status": listed("active archived trashed"),
    "type": listed(
        """
        Todo Todolist Todoset Comment Project Message Document Upload Vault Kanban::Card Kanban::Step DATE DATE_TIME
        TIME NUMBER TEXT PERCENT CURRENCY SCIENTIFIC user group domain anyone REF VALUE NAME N_A ERROR LOADING
        """
    ),
    "personable_type": listed("Bot Client DummyUser Outsider User"),
    "purpose": listed("company_hq team topic"),
    "name": listed("chat inbox kanban_board message_board questionnaire schedule todoset vault"),
    "sheetType": listed("DATA_SOURCE GRID OBJECT"),
    "kind": listed("drive#file drive#permission drive#user"),
    "role": listed("commenter fileOrganizer organizer owner reader writer"),
    "spaces": listed("appDataFolder drive photos"),
    "time_zone": listed("Asia/Jakarta Etc/UTC UTC"),
    "timeZone": listed("Asia/Jakarta Etc/GMT UTC"),
    "locale": listed("en_GB en_US id_ID in_ID"),
    "content_type": listed(
        """
        image/jpeg image/png image/heic image/webp image/gif video/mp4 video/quicktime application/pdf
        """
    ),
    "mimeType": listed(
        """
        application/vnd.google-apps.spreadsheet application/vnd.google-apps.folder image/jpeg image/png
        application/pdf application/vnd.openxmlformats-officedocument.spreadsheetml.sheet
        """
    ),
}

HOSTS = listed(
    """
    3.basecampapi.com 3.basecamp.com storage.3.basecamp.com preview.3.basecamp.com docs.google.com drive.google.com
    www.googleapis.com sheets.googleapis.com 127.0.0.1
    """
)
STEPS = listed(
    """
    buckets todos todolists todosets recordings comments people projects my bookmarks subscription completion boosts
    subtasks steps vaults uploads blobs download avatar groups message_boards chats schedules questionnaires
    spreadsheets file d edit view uc folders drive
    """
)
ENDINGS = listed(".json .jpg .jpeg .png .heic .pdf .mp4 .xlsx")
TAGS = listed(
    """
    div br p strong em strike a pre ol ul li blockquote h1 bc-attachment figure figcaption img span
    """
)
ATTRIBUTES = listed(
    """
    href src sgid content-type filename filesize width height url previewable presentation caption class alt
    """
)
SIGNS = frozenset("yMdhHmsAaPp0#?,.:;/-_ @%()[]\"'\\$")  # of a number format: no letter beyond those of its language

# Every word that may be met in a sample's values when it is looked through before it is written.
MAY_STAY = frozenset(
    part.lower()
    for text in (
        *(word for words in CHOICES.values() for word in words),
        *HOSTS,
        *STEPS,
        *ENDINGS,
        *TAGS,
        *ATTRIBUTES,
        "https http application vnd basecamp mention image gallery true false example person host",
        "dd ddd dddd mm mmm mmmm yy yyyy hh ss am pm",
    )
    for part in "".join(sign if sign.isalpha() else " " for sign in text).split()
)
